package io.millrace.sql.session;

import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import io.millrace.sql.exec.Batch;
import io.millrace.sql.exec.Operator;
import io.millrace.sql.plan.Planned;
import io.millrace.sql.plan.Planned.OutputColumn;
import io.millrace.sql.run.ExecContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** The plans of a session that run; only {@link #cancel} may come from another thread. */
final class Executions {
  private final SqlMetrics metrics;
  private final SessionSettings settings;
  private final TimeLimit limit;
  private final List<Running> running = new ArrayList<>();
  private volatile @Nullable Running newest;

  Executions(SqlMetrics metrics, SessionSettings settings, TimeLimit limit) {
    this.metrics = metrics;
    this.settings = settings;
    this.limit = limit;
  }

  /** Starts a plan; without a timer when it is known to end at once. */
  Running start(Planned planned, ExecContext ctx, boolean brief) {
    return new Running(planned, ctx, brief);
  }

  /** True when nothing runs. */
  boolean none() {
    return running.isEmpty();
  }

  /** Asks the plan that was started or resumed last to end; any thread. */
  void cancel() {
    var current = newest;
    if (current != null) {
      current.ctx.cancel(TimeLimit.userRequest());
    }
  }

  /** Ends all. */
  void close() {
    for (var execution : List.copyOf(running)) {
      execution.close();
    }
  }

  /** A plan that runs. */
  final class Running implements StatementExecution {
    private final Planned planned;
    private final ExecContext ctx;
    private final boolean brief;
    private @Nullable Future<?> timeout;
    private boolean paused;
    private @Nullable Operator root;
    private long rows;
    private long nanos;
    private boolean closed;

    private Running(Planned planned, ExecContext ctx, boolean brief) {
      this.planned = planned;
      this.ctx = ctx;
      this.brief = brief;
      running.add(this);
      resume();
    }

    /** What it runs in. */
    ExecContext context() {
      return ctx;
    }

    private void resume() {
      paused = false;
      timeout = brief ? null : limit.schedule(() -> ctx.cancel(TimeLimit.timedOut()));
      newest = this;
    }

    /** The client's time between two parts of an answer is no time of the statement. */
    @Override
    public void pause() {
      paused = true;
      stopTimer();
    }

    private void stopTimer() {
      if (newest == this) {
        newest = null;
      }
      if (timeout != null) {
        timeout.cancel(false);
      }
    }

    @Override
    public List<OutputColumn> columns() {
      return planned.columns();
    }

    @Override
    public @Nullable Batch next() {
      if (paused) {
        resume();
      }
      ctx.check();
      var begin = System.nanoTime();
      try {
        if (root == null) {
          root = planned.root().open(ctx);
        }
        var batch = root.next();
        if (batch != null) {
          rows += batch.count;
        }
        return batch;
      } catch (StackOverflowError deep) {
        throw new SqlProblem(SqlState.TOO_COMPLEX, "statement is too complex");
      } finally {
        nanos += System.nanoTime() - begin;
      }
    }

    @Override
    public String tag(long count) {
      return "SELECT " + count;
    }

    @Override
    public void close() {
      if (closed) {
        return;
      }
      closed = true;
      running.remove(this);
      stopTimer();
      metrics.ended(rows, nanos);
      if (ctx.position() >= 0) {
        settings.position(ctx.position());
      }
      try {
        if (root != null) {
          root.close();
        }
      } finally {
        ctx.close();
      }
    }
  }
}
