package io.millrace.engine.state;

/**
 * One event loop of a door, seen from the engine. A turn is: decode without the lock, {@link
 * #hold}, execute, {@link #letGo}, {@link #write}, then release the replies the watermark allows.
 */
public interface Lane {
  /** Takes the node's execution lock and stamps the turn. */
  Execution hold();

  /** Gives the lock back. */
  void letGo();

  /**
   * Takes a new stamp for the next execution of the same hold: max(lane time, newest stamp), and
   * clears {@link Execution#mutated}.
   */
  void next();

  /**
   * True when the journal buffer can take a record of this size; when false the caller must let go,
   * write, and try again after {@link #whenReleased}: back-pressure.
   */
  boolean hasRoom(int bytes);

  /** True while the disk is full: what would change something must be refused, reads go on. */
  boolean diskFull();

  /** Writes the published prefix of the journal; never waits for another lane's write. */
  void write();

  /** Journal position up to which replies may leave. */
  long released();

  /** Runs {@code action} on this lane's executor once {@link #released} has reached a position. */
  void whenReleased(long position, Runnable action);

  /**
   * Loads a missing entry on an I/O thread, then runs {@code retry} on this lane's executor. Must
   * be called without the lock.
   */
  void load(NotResidentException missing, Runnable retry);
}
