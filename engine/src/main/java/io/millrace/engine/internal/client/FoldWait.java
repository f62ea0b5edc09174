package io.millrace.engine.internal.client;

import io.millrace.engine.depot.Depot;
import io.millrace.engine.depot.Token;
import io.millrace.engine.depot.TokenException;
import io.millrace.engine.depot.TokenException.Reason;
import io.millrace.engine.depot.TokenWait;
import io.millrace.engine.internal.runtime.FoldExecution;
import io.millrace.engine.internal.runtime.Node;
import io.millrace.engine.internal.topology.ModuleHost;
import io.millrace.engine.state.Execution;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Whether what a token names is folded: by every topology that reads its depot, the hops of its
 * events included, and the same for what these events made topologies append to other depots.
 *
 * <p>Looked at with the lock held, as often as wanted. When the named events are done, whatever
 * they had appended stands in the depots below the ends of that moment; so those ends are waited
 * for next, as many times as there are depots that could hand on.
 */
final class FoldWait implements TokenWait {
  private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long RELEASE_NS = TimeUnit.MILLISECONDS.toNanos(100);

  private final ModuleHost host;
  private final Node node;
  private final Token token;
  private final String depot;
  private final long epoch;
  private int rounds;
  private boolean named = true;
  private long emitted;
  private @Nullable Map<String, long[]> ends;

  /** A wait that has not looked yet. */
  FoldWait(ModuleHost host, Node node, Depot<?> depot, Token token) {
    this.host = host;
    this.node = node;
    this.token = token;
    this.depot = depot.name();
    epoch = node.journal().epoch();
    rounds = host.definition().depots().size();
  }

  @Override
  public boolean isDone(Execution held) {
    var execution = (FoldExecution) held;
    if (named) {
      if (!namedEventsDone(execution)) {
        return false;
      }
      named = false;
      emitted = execution.emitted();
    }
    while (host.waiting() || execution.settled() < execution.emitted()) {
      if (execution.settled() < emitted) {
        return false;
      }
      if (ends == null) {
        // All that the events done so far appended stands below.
        ends = host.ends(execution);
      }
      if (host.waitsBelow(ends)) {
        return false;
      }
      if (rounds-- <= 0) {
        break;
      }
      emitted = execution.emitted();
      ends = null;
    }
    return true;
  }

  @Override
  public long await(long timeoutNs, Runnable stillWanted) {
    var start = System.nanoTime();
    for (var look = node.read(this::isDone); ; look = node.read(this::isDone)) {
      var left = timeoutNs - (System.nanoTime() - start);
      if (look.value() && node.awaitReleased(look.position(), Math.min(left, RELEASE_NS))) {
        return look.position();
      }
      stillWanted.run();
      if (left <= 0) {
        throw new TokenException(
            Reason.TIMEOUT, "the events of the token were not folded in time: " + token);
      }
      if (!look.value() && !node.drainSome()) {
        LockSupport.parkNanos(PAUSE_NS);
      }
    }
  }

  private boolean namedEventsDone(FoldExecution execution) {
    var done = true;
    for (Map.Entry<Integer, Long> place : token.offsets().entrySet()) {
      int partition = place.getKey();
      long offset = place.getValue();
      if (partition >= execution.tasks()) {
        throw new TokenException(
            Reason.INVALID, "the token names a partition that is not here: " + partition);
      }
      var end = execution.nextOffset(host.depotId(depot), partition);
      var known = token.epoch() == epoch ? end : host.endAtStart(depot, partition);
      if (offset >= known || token.epoch() > epoch) {
        throw new TokenException(
            Reason.LOST,
            "the token names an event that this data directory does not have: depot="
                + token.depot()
                + " partition="
                + partition
                + " offset="
                + offset
                + " end="
                + known);
      }
      done &= host.isFolded(depot, partition, offset, end);
    }
    return done;
  }
}
