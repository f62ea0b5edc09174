package io.millrace.engine.internal.plan;

/** What paths cost: operations on elements of a pstate. Counted under the execution lock. */
public final class IoCounters {
  private long reads;
  private long writes;
  private long iterators;
  private long steps;

  /** All counters at zero. */
  public IoCounters() {}

  void read() {
    reads++;
  }

  void write() {
    writes++;
  }

  void iterator() {
    iterators++;
  }

  void step() {
    steps++;
  }

  /** Elements looked up by key or position. */
  public long reads() {
    return reads;
  }

  /** Elements put, replaced or removed. */
  public long writes() {
    return writes;
  }

  /** Iterations begun. */
  public long iterators() {
    return iterators;
  }

  /** Elements passed by iterations. */
  public long steps() {
    return steps;
  }
}
