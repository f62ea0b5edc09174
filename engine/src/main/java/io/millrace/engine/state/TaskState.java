package io.millrace.engine.state;

/**
 * The live entries of one task. All methods require the node's execution lock.
 *
 * <p>Every change is tracked for cuts: the first change of an entry in a generation preserves its
 * older version while a checkpoint or snapshot needs it. With {@link Execution#beginUndo} the same
 * hook keeps what is needed to undo.
 */
public interface TaskState extends ReadView {

  /**
   * Inserts or replaces an entry and copies the value in.
   *
   * @param kind type tag, 0..63
   * @param expireAtMs deadline in ms since the epoch, or 0
   * @param out when not null, filled with the stored entry
   * @return true when the entry is new, false when it replaced one
   */
  boolean put(
      int space,
      byte[] key,
      int keyOffset,
      int keyLength,
      long hash,
      int kind,
      long expireAtMs,
      byte[] value,
      int valueOffset,
      int valueLength,
      @org.jspecify.annotations.Nullable Ref out);

  /**
   * Replaces the value, kind and deadline of a found entry; the Ref is refreshed. Value bytes may
   * come from the same array.
   */
  void replace(Ref ref, int kind, long expireAtMs, byte[] value, int valueOffset, int valueLength);

  /** Announces an in-place change: afterwards the value bytes of the Ref may be written. */
  void edit(Ref ref);

  /**
   * Announces a change and sets the value length; the first min(old, new) bytes are kept, the rest
   * is undefined. The Ref is refreshed and may point elsewhere. Growth leaves slack so that
   * repeated appends cost amortised O(1) copies.
   */
  void resize(Ref ref, int newLength);

  /**
   * Opens a gap of {@code delta} bytes (or closes one when negative) at value index {@code at},
   * moving the tail; announces the change. The Ref is refreshed.
   */
  void splice(Ref ref, int at, int delta);

  /** Sets or clears (0) the deadline of a found entry. The Ref is refreshed. */
  void expireAt(Ref ref, long expireAtMs);

  /** Sets the kind of a found entry. */
  void kind(Ref ref, int kind);

  /** Removes a found entry; the Ref becomes invalid. */
  void remove(Ref ref);

  /**
   * A number never returned before on this task, for pages and parts. How many are taken depends on
   * how pages are split and merged, and that on what is in memory: a replay may return others, so
   * that nothing may let them be seen. What is seen takes {@link #newId}.
   */
  long nextId();

  /**
   * A number this never returned before on this task. Taken by nothing but what records ask for, so
   * that replay returns the same; part of the state.
   */
  long newId();

  /**
   * Visits entries of a space ordered by hash whose hash lies in {@code [fromHash, toHash]}
   * (unsigned), resident or not, in unsigned hash order. The visitor must not change entries.
   */
  void scan(int space, long fromHash, long toHash, EntryVisitor visitor);

  /**
   * Picks a pseudo-random resident entry of a space, for sampling (eviction, RANDOMKEY).
   *
   * @return false when none was found after a bounded number of probes
   */
  boolean sample(int space, long random, Ref out);

  /**
   * True while a noticeable part of a space is on disk only, so that few of its entries are found
   * in memory and what is changed is soon written. A hint: it says nothing about the state.
   */
  boolean mostlyCold(int space);

  /** Journal position of the last record executed on this task; see invariant I2. */
  long lastPosition();

  /** Access clock of an entry, in seconds of the node's life, kept outside the state hash. */
  int lastAccess(Ref ref);

  /** Sets the access clock of an entry. Not a change of state. */
  void touch(Ref ref, int clock);

  /** Bytes of memory the entry occupies, slack and table share included. */
  int footprint(Ref ref);
}
