package io.millrace.http.backend;

import io.millrace.engine.state.Execution;
import io.millrace.engine.state.Lane;
import io.millrace.engine.state.NotResidentException;
import io.netty.channel.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Work of the door's lane, turn by turn. */
final class Turns {
  private final Lane lane;
  private final EventLoop loop;

  Turns(Lane lane, EventLoop loop) {
    this.lane = lane;
    this.loop = loop;
  }

  Lane lane() {
    return lane;
  }

  /** Runs an action on the lane's thread, after what is due there. */
  void later(Runnable action) {
    loop.execute(action);
  }

  /** Runs an action on the lane's thread, once the engine had time to make room. */
  void whenThereMayBeRoom(Runnable action) {
    loop.schedule(action, 1, TimeUnit.MILLISECONDS);
  }

  /**
   * Reads under the lock, loading what is not in memory.
   *
   * @return completes with the result once its position is released
   */
  <T> CompletionStage<T> read(Function<Execution, Positioned<T>> work) {
    var result = new CompletableFuture<T>();
    if (loop.inEventLoop()) {
      tryRead(work, result, 0);
    } else {
      loop.execute(() -> tryRead(work, result, 0));
    }
    return result;
  }

  private <T> void tryRead(
      Function<Execution, Positioned<T>> work, CompletableFuture<T> result, int misses) {
    Positioned<T> found;
    NotResidentException missing;
    var execution = lane.hold();
    try {
      lane.next();
      if (misses > Lane.MOST_MISSES) {
        lane.waitForDisk();
      }
      found = work.apply(execution);
      missing = null;
    } catch (NotResidentException e) {
      found = null;
      missing = e;
    } catch (RuntimeException e) {
      result.completeExceptionally(e);
      return;
    } finally {
      lane.release();
    }
    if (found == null) {
      lane.load(java.util.Objects.requireNonNull(missing), () -> tryRead(work, result, misses + 1));
      return;
    }
    var value = found.value();
    release(found.position(), () -> result.complete(value));
  }

  /** Runs an action once a position is released. */
  void release(long position, Runnable action) {
    lane.write();
    if (lane.released() >= position) {
      action.run();
    } else {
      lane.whenReleased(position, action);
    }
  }

  /** A result and the position it waits for. */
  record Positioned<T>(T value, long position) {}
}
