package io.millrace.engine.internal.plan;

import org.jspecify.annotations.Nullable;

/** What a write did with a value, besides replacing it. */
enum WriteOutcome {
  /** Nothing: the value, or its absence, stays. */
  KEPT,
  /** The value is to be removed from what holds it. */
  REMOVED;

  /** True when the outcome is a new value, which may be null. */
  static boolean isValue(@Nullable Object outcome) {
    return !(outcome instanceof WriteOutcome);
  }
}
