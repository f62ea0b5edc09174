package io.millrace.sql.session;

import java.util.concurrent.atomic.LongAdder;

/** Counters of the door. */
public final class SqlMetrics {
  private final LongAdder statements = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final LongAdder fallbacks = new LongAdder();
  private final LongAdder rows = new LongAdder();
  private final LongAdder executeNanos = new LongAdder();
  private final LongAdder keyGets = new LongAdder();

  /** Statements started. */
  public long statements() {
    return statements.sum();
  }

  /** Statements that ended in an error. */
  public long failures() {
    return failures.sum();
  }

  /** Parts of statements that Calcite's Enumerable ran. */
  public long fallbacks() {
    return fallbacks.sum();
  }

  /** Rows delivered. */
  public long rows() {
    return rows.sum();
  }

  /** Statements that read one key. */
  public long keyGets() {
    return keyGets.sum();
  }

  /** Time spent executing. */
  public long executeNanos() {
    return executeNanos.sum();
  }

  void started(int fallbackOperators, boolean keyGet) {
    statements.increment();
    fallbacks.add(fallbackOperators);
    if (keyGet) {
      keyGets.increment();
    }
  }

  void ended(long delivered, long nanos) {
    rows.add(delivered);
    executeNanos.add(nanos);
  }

  /** Counts a failed statement. */
  public void failed() {
    failures.increment();
  }
}
