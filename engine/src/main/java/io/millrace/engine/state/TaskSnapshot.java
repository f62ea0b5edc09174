package io.millrace.engine.state;

/**
 * One task's entries as of a cut. Usable from one thread at a time, without the execution lock;
 * values found are copies. {@link ReadView#find} never throws {@link NotResidentException} here.
 */
public interface TaskSnapshot extends ReadView {
  /**
   * Visits all entries of a space whose hash lies in {@code [fromHash, toHash]} (unsigned), in
   * unsigned hash order for spaces ordered by hash, in key order for spaces ordered by key.
   */
  void scan(int space, long fromHash, long toHash, EntryVisitor visitor);
}
