package io.millrace.http.query;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A pstate that can be read by path. */
public interface StateReader {
  /**
   * Reads.
   *
   * @param path the path as a JSON array
   * @param after token of what the answer must have seen, or null
   * @return the values found, each as JSON text, in a JSON array
   */
  CompletionStage<String> select(String path, @Nullable String after);
}
