package io.millrace.http.query;

import java.io.OutputStream;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A pstate that can be read by path. */
public interface StateReader {
  /**
   * Reads.
   *
   * @param path the path as a JSON array
   * @param after token of what the answer must have seen, or null
   * @param answer takes the values found, as a JSON array
   * @return completes with {@code answer} when all are there
   */
  CompletionStage<OutputStream> select(String path, @Nullable String after, OutputStream answer);
}
