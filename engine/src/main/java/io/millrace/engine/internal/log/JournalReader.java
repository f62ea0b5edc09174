package io.millrace.engine.internal.log;

/** Reads records in order; every frame's checksum is verified. Not thread-safe. */
public final class JournalReader implements AutoCloseable {
  private final RecordView view = new RecordView();

  JournalReader() {}

  /** Moves to the next record; false at the end of what is written (call again later for more). */
  public boolean next() {
    throw new UnsupportedOperationException();
  }

  /** The current record, valid until {@link #next} or {@link #close}. */
  public RecordView record() {
    return view;
  }

  /** Epoch in which the current record was written. */
  public long epoch() {
    throw new UnsupportedOperationException();
  }

  /** Position behind the current record. */
  public long position() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
