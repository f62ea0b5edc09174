package io.millrace.engine.internal.stage;

/**
 * What folds have done since the start, for status and for tests that assert costs. Changed with
 * the lock held; readers elsewhere may see slightly old numbers.
 */
public final class FoldCounters {
  public long records;
  public long stages;
  public long hops;
  public long waited;
  long reads;
  long writes;
  long appends;
  public long failures;

  /** Records folded. */
  public long records() {
    return records;
  }

  /** Stages run to their end. */
  public long stages() {
    return stages;
  }

  /** Hops between stages. */
  public long hops() {
    return hops;
  }

  /** Stages that had to wait for a later record. */
  public long waited() {
    return waited;
  }

  /** Reads of pstates by topologies. */
  public long reads() {
    return reads;
  }

  /** Writes to pstates by topologies. */
  public long writes() {
    return writes;
  }

  /** Events appended by topologies. */
  public long appends() {
    return appends;
  }

  /** Attempts of stages that threw. */
  public long failures() {
    return failures;
  }
}
