package io.millrace.engine.internal.log;

/** What the sync thread of a journal does besides forcing, for tests that take its steps. */
public final class JournalSteps {
  private JournalSteps() {}

  /** Says in the journal how far the disk is, as an idle one does. */
  public static void mark(Journal journal) {
    journal.mark();
  }

  /** Tries to end a full disk, as the sync thread does. */
  public static void retryFull(Journal journal) {
    journal.retryFull();
  }
}
