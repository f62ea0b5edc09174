package io.millrace.engine.internal.plan;

import org.jspecify.annotations.Nullable;

/** Receives what a path leads to. */
@FunctionalInterface
public interface PathSink {
  /**
   * One value.
   *
   * @return false to end the reading
   */
  boolean hit(@Nullable Object value);
}
