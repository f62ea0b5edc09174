package io.millrace.engine.state;

/**
 * What one command or record execution may use while the execution lock is held. One instance per
 * node, reused.
 */
public interface Execution {
  /** The stamp of the current execution, ms since the epoch; never goes back on a task. */
  long stampMs();

  /**
   * Time of the newest record, ms since the epoch: memory of expired entries may be reclaimed for
   * deadlines at or below it, without a record.
   */
  long newestRecordMs();

  /** True while a record of the journal is being folded again (recovery, verify, rebuild). */
  boolean replaying();

  /** Number of tasks P. */
  int tasks();

  /** State of a task. */
  TaskState task(int taskId);

  /** True once this execution has changed an entry. */
  boolean mutated();

  /**
   * Number of changes of state ever made in this process: two readings tell whether what ran
   * between them has changed anything.
   */
  long changes();

  /**
   * Appends the record of this execution to the journal: its effect is now part of history. Not
   * allowed while replaying (returns the position of the record being replayed).
   *
   * @param depotId depot of the record
   * @param partition partition, which is also the first participant
   * @param typeId declared type of the body
   * @param participants other tasks the record changes, or an empty array; {@link #ALL_TASKS}
   * @return end position of the record in the journal
   */
  long append(
      int depotId,
      int partition,
      int typeId,
      int[] participants,
      byte[] body,
      int bodyOffset,
      int bodyLength);

  /** From now on changes can be undone by {@link #rollback}. Not nested. */
  void beginUndo();

  /** Undoes all changes since {@link #beginUndo}. */
  void rollback();

  /** Keeps the changes since {@link #beginUndo} and forgets how to undo them. */
  void commitUndo();

  /**
   * Runs a read of any amount of state, such as a hash over all of it: what is not in memory is
   * read from disk while the lock is held and does not stay in memory, and no {@link
   * NotResidentException} is thrown.
   *
   * @throws IllegalStateException when the read changes something
   */
  void readThrough(Runnable read);

  /**
   * Creates an empty space; the number is never used again. Part of the state: replay returns the
   * same number.
   *
   * @param family column family the entries go to: {@code NativeContext.family()} or a pstate's
   */
  int createSpace(int family, SpaceOrder order);

  /**
   * Drops a space in O(1): its entries are gone for every reader at once and freed behind. Views
   * taken earlier still see them.
   */
  void dropSpace(int space);

  /** Participants value that means: every task. */
  int[] ALL_TASKS = new int[] {-1};
}
