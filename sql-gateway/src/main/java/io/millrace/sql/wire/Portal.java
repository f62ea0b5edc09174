package io.millrace.sql.wire;

import io.millrace.sql.exec.Batch;
import io.millrace.sql.session.Prepared;
import io.millrace.sql.session.StatementExecution;
import org.jspecify.annotations.Nullable;

/** A statement with its parameters, perhaps half read. */
final class Portal {
  private final Prepared prepared;
  private final @Nullable Object[] parameters;
  private final int[] formats;
  private final long bytes;
  private @Nullable StatementExecution execution;
  private @Nullable Batch batch;
  private int at;
  private boolean closed;

  Portal(Prepared prepared, @Nullable Object[] parameters, int[] formats, long bytes) {
    this.bytes = bytes;
    this.prepared = prepared;
    this.parameters = parameters;
    this.formats = formats;
  }

  Prepared prepared() {
    return prepared;
  }

  @Nullable Object[] parameters() {
    return parameters;
  }

  /** Bytes that its parameters keep, about. */
  long bytes() {
    return bytes;
  }

  int[] formats() {
    return formats;
  }

  @Nullable StatementExecution execution() {
    return execution;
  }

  void started(StatementExecution started) {
    execution = started;
  }

  /** The next row, or null when there are no more. */
  @Nullable Object @Nullable [] nextRow() {
    while (batch == null || at >= batch.count) {
      if (execution == null || closed) {
        return null;
      }
      batch = execution.next();
      at = 0;
      if (batch == null) {
        return null;
      }
    }
    return batch.rows[at++];
  }

  /** True once it has delivered everything, or was given up. */
  boolean isClosed() {
    return closed;
  }

  void close() {
    closed = true;
    if (execution != null) {
      execution.close();
    }
  }
}
