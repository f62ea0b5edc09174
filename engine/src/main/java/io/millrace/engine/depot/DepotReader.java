package io.millrace.engine.depot;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads one partition in order. Not thread-safe. */
public interface DepotReader extends AutoCloseable {
  /**
   * The next event, or null at the present end; more may follow later. Offsets increase but need
   * not be dense: never count events to find out whether the end is reached.
   */
  @Nullable DepotRecord next() throws IOException;

  @Override
  void close();
}
