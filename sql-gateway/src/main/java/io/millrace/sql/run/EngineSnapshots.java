package io.millrace.sql.run;

import io.millrace.engine.Engine;
import io.millrace.engine.depot.FoldStop;
import io.millrace.engine.depot.TokenException;
import io.millrace.engine.state.Lane;
import io.millrace.engine.table.Snapshot;
import io.millrace.engine.topology.TopologyControl;
import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Snapshots of an engine, which show what a token names when one is given. */
public final class EngineSnapshots implements SnapshotSource {
  private final Engine engine;

  /** Snapshots of an engine. */
  public EngineSnapshots(Engine engine) {
    this.engine = engine;
  }

  @Override
  public Lane lane(Executor loop) {
    return engine.lane(loop);
  }

  @Override
  public TopologyControl topologies() {
    return engine.control();
  }

  @Override
  public Snapshot open(@Nullable String afterToken) {
    return open(afterToken, 0, () -> {});
  }

  @Override
  public Snapshot open(@Nullable String afterToken, long timeoutMs, Runnable stillWanted) {
    if (afterToken == null) {
      return engine.snapshot();
    }
    var timeoutNs = timeoutMs == 0 ? Long.MAX_VALUE : TimeUnit.MILLISECONDS.toNanos(timeoutMs);
    try {
      return engine.snapshot(engine.waitFor(afterToken).await(timeoutNs, stillWanted));
    } catch (TokenException unseen) {
      throw problem(unseen);
    }
  }

  private static SqlProblem problem(TokenException unseen) {
    var message = String.valueOf(unseen.getMessage());
    return switch (unseen.reason()) {
      case INVALID -> new SqlProblem(SqlState.INVALID_PARAMETER, "millrace.after: " + message);
      case LOST -> new SqlProblem(SqlState.NOT_IN_STATE, "LOST: " + message);
      case STOPPED ->
          SqlProblem.withHint(SqlState.NOT_IN_STATE, "STOPPED: " + message, hint(unseen.stop()));
      case TIMEOUT -> new SqlProblem(SqlState.QUERY_CANCELED, "TIMEOUT: " + message);
    };
  }

  /** How to end a stop at this door. */
  private static @Nullable String hint(@Nullable FoldStop stop) {
    if (stop == null) {
      return null;
    }
    var arguments = "('" + stop.topology() + "', '" + stop.depot() + "', " + stop.partition() + ")";
    return "When its code is mended: call sys.resume"
        + arguments
        + "; to give the event up: call sys.skip"
        + arguments
        + ".";
  }
}
