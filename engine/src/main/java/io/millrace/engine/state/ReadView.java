package io.millrace.engine.state;

/**
 * Read access to the entries of one task: the live state ({@link TaskState}, lock held) or a cut of
 * it ({@link TaskSnapshot}, any thread).
 *
 * <p>An entry is addressed by space and key bytes. {@code hash} is {@link KeyHash#hash} of the key
 * bytes (for page entries: of their 12-byte page key); the caller computes it once.
 */
public interface ReadView {
  /** Number of this task, 0..P-1. */
  int taskId();

  /** Seed of {@link KeyHash} for the keys of these entries, fixed per data directory. */
  long hashSeed();

  /**
   * Looks an entry up. Expiry is not judged here: an entry whose deadline has passed is still
   * found.
   *
   * @return true and fills {@code out} when the entry exists
   * @throws NotResidentException when the entry may be on disk only and nothing has been changed
   *     yet in this execution (live state only)
   */
  boolean find(int space, byte[] key, int keyOffset, int keyLength, long hash, Ref out);

  /** Exact number of entries in a space on this task, whether in memory or on disk. */
  long count(int space);
}
