package io.millrace.sql.run;

import io.millrace.engine.state.EntryVisitor;
import io.millrace.engine.state.Execution;
import io.millrace.engine.state.Lane;
import io.millrace.engine.state.Ref;
import io.millrace.engine.state.TaskSnapshot;
import io.millrace.engine.state.TaskState;
import io.millrace.engine.table.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * The live entries in place of a cut, for reading one key: the execution lock is taken when the
 * first entry is asked for and let go by {@link #close}. What is read may not be shown before its
 * {@link #position} is released (invariant I2).
 */
public final class LiveSnapshot implements Snapshot {
  private final Lane lane;
  private @Nullable Execution held;
  private long position;

  /** The live entries as a lane sees them; used on the lane's own thread. */
  public LiveSnapshot(Lane lane) {
    this.lane = lane;
  }

  private Execution held() {
    var present = held;
    if (present == null) {
      present = lane.hold();
      held = present;
    }
    return present;
  }

  /** Journal position of the newest record of the tasks looked at. */
  @Override
  public long position() {
    return position;
  }

  @Override
  public long stampMs() {
    return held().stampMs();
  }

  @Override
  public int tasks() {
    return held().tasks();
  }

  @Override
  public TaskSnapshot task(int taskId) {
    var state = held().task(taskId);
    position = Math.max(position, state.lastPosition());
    return new LiveTask(state);
  }

  @Override
  public void close() {
    if (held != null) {
      held = null;
      lane.release();
    }
  }

  private record LiveTask(TaskState state) implements TaskSnapshot {
    @Override
    public int taskId() {
      return state.taskId();
    }

    @Override
    public long hashSeed() {
      return state.hashSeed();
    }

    @Override
    public boolean find(int space, byte[] key, int keyOffset, int keyLength, long hash, Ref out) {
      return state.find(space, key, keyOffset, keyLength, hash, out);
    }

    @Override
    public long count(int space) {
      return state.count(space);
    }

    @Override
    public void scan(int space, long fromHash, long toHash, EntryVisitor visitor) {
      state.scan(space, fromHash, toHash, visitor);
    }
  }
}
