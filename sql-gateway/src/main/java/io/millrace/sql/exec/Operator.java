package io.millrace.sql.exec;

import org.jspecify.annotations.Nullable;

/** A running plan node: pulled batch by batch, by one thread at a time. */
public interface Operator extends AutoCloseable {
  /** The next rows, at least one, or null at the end. */
  @Nullable Batch next();

  @Override
  void close();
}
