package io.millrace.engine.internal.plan;

import io.millrace.engine.state.EntryVisitor;
import io.millrace.engine.state.NotResidentException;
import io.millrace.engine.state.Ref;
import io.millrace.engine.state.TaskSnapshot;
import io.millrace.engine.table.Snapshot;
import io.millrace.engine.tree.HeapTaskState;
import java.util.List;

/** A snapshot of states that do not change meanwhile. */
record HeapSnapshot(List<HeapTaskState> states) implements Snapshot {
  @Override
  public long position() {
    return 0;
  }

  @Override
  public long stampMs() {
    return 0;
  }

  @Override
  public int tasks() {
    return states.size();
  }

  @Override
  public TaskSnapshot task(int taskId) {
    return new View(states.get(taskId));
  }

  @Override
  public void close() {}

  private record View(HeapTaskState state) implements TaskSnapshot {
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
      var found = resident(space, key, keyOffset, keyLength, hash, out);
      if (found) {
        out.array = out.copyValue();
        out.offset = 0;
      }
      return found;
    }

    private boolean resident(
        int space, byte[] key, int keyOffset, int keyLength, long hash, Ref out) {
      while (true) {
        try {
          return state.find(space, key, keyOffset, keyLength, hash, out);
        } catch (NotResidentException _) {
          // loaded by the fake; look again
        }
      }
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
