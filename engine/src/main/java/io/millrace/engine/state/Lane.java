package io.millrace.engine.state;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One event loop of a door, seen from the engine. A turn is: decode without the lock, {@link
 * #hold}, execute, {@link #release}, {@link #write}, then release the replies the watermark allows.
 */
public interface Lane {
  /** How often an execution is begun again before it should {@link #waitForDisk}. */
  int MOST_MISSES = 8;

  /** Takes the node's execution lock and stamps the turn. */
  Execution hold();

  /** Gives the lock back. */
  void release();

  /**
   * Takes a new stamp for the next execution of the same hold: max(lane time, newest stamp), and
   * clears {@link Execution#mutated}.
   */
  void next();

  /**
   * Makes the present execution, until {@link #next}, read missing entries itself with the lock
   * held, instead of throwing {@link NotResidentException}. For one that has missed more than
   * {@link #MOST_MISSES} times: it would be begun again for every page it reads, and never end when
   * these pages are more than memory holds. Then it ends with {@link ReadTooLargeException}.
   */
  void waitForDisk();

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
   * Runs an execution only to learn which entry it misses: its first attempt to change anything
   * ends it, before anything has changed. It must have no other effect. Must be called with the
   * lock held.
   *
   * @return the missing entry, or null when it got to its end or to a change without missing one
   */
  @Nullable NotResidentException probe(Runnable execution);

  /**
   * Loads missing entries together on an I/O thread, then runs {@code retry} on this lane's
   * executor. Some of them may still be missing then. Must be called without the lock.
   */
  void load(List<NotResidentException> missing, Runnable retry);

  /** Loads what one execution misses. */
  default void load(NotResidentException missing, Runnable retry) {
    load(missing.all(), retry);
  }
}
