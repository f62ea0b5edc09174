package io.millrace.engine.internal.topology;

/**
 * What folds have done since the start, for status and for tests that assert costs. Changed with
 * the lock held; readers elsewhere may see slightly old numbers.
 */
public final class FoldCounters {
  long records;
  long pieces;
  long hops;
  long waited;
  long reads;
  long writes;
  long appends;
  long failures;

  /** Records folded. */
  public long records() {
    return records;
  }

  /** Pieces run to their end. */
  public long pieces() {
    return pieces;
  }

  /** Hops between pieces. */
  public long hops() {
    return hops;
  }

  /** Pieces that had to wait for a later record. */
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

  /** Attempts of pieces that threw. */
  public long failures() {
    return failures;
  }
}
