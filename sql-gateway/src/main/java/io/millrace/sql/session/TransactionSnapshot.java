package io.millrace.sql.session;

import io.millrace.engine.state.TaskSnapshot;
import io.millrace.engine.table.Snapshot;
import io.millrace.sql.run.SnapshotSource;
import org.jspecify.annotations.Nullable;

/**
 * The one snapshot of a transaction: opened by the first statement that reads, let go when the
 * transaction has ended and nothing reads it any more.
 */
final class TransactionSnapshot implements SnapshotSource, AutoCloseable {
  private final SnapshotSource source;
  private @Nullable Snapshot shared;
  private int users = 1;

  TransactionSnapshot(SnapshotSource source) {
    this.source = source;
  }

  /** True once a statement has read. */
  boolean isOpen() {
    return shared != null;
  }

  @Override
  public Snapshot open(@Nullable String afterToken) {
    return open(afterToken, 0, () -> {});
  }

  @Override
  public Snapshot open(@Nullable String afterToken, long timeoutMs, Runnable stillWanted) {
    var present = shared;
    if (present == null) {
      present = source.open(afterToken, timeoutMs, stillWanted);
      shared = present;
    }
    users++;
    return new Use(present);
  }

  private void leave() {
    var present = shared;
    if (--users == 0 && present != null) {
      shared = null;
      present.close();
    }
  }

  /** Ends the transaction. */
  @Override
  public void close() {
    leave();
  }

  /** The snapshot as one statement has it. */
  private final class Use implements Snapshot {
    private final Snapshot of;
    private boolean closed;

    Use(Snapshot of) {
      this.of = of;
    }

    @Override
    public long position() {
      return of.position();
    }

    @Override
    public long stampMs() {
      return of.stampMs();
    }

    @Override
    public int tasks() {
      return of.tasks();
    }

    @Override
    public TaskSnapshot task(int taskId) {
      return of.task(taskId);
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        leave();
      }
    }
  }
}
