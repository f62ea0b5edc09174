package io.millrace.sql.run;

import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import java.util.concurrent.atomic.AtomicLong;

/** Memory that all statements together may hold; each statement also has a limit of its own. */
public final class MemoryBudget {
  private final long totalBytes;
  private final long statementBytes;
  private final AtomicLong used = new AtomicLong();

  /** A budget for all statements and for one. */
  public MemoryBudget(long totalBytes, long statementBytes) {
    this.totalBytes = totalBytes;
    this.statementBytes = statementBytes;
  }

  /** Limit of one statement. */
  public long statementBytes() {
    return statementBytes;
  }

  /** Bytes reserved now. */
  public long used() {
    return used.get();
  }

  void reserve(long bytes, long heldByStatement) {
    if (heldByStatement > statementBytes) {
      throw SqlProblem.withHint(
          SqlState.OUT_OF_MEMORY,
          "statement needs more than its memory limit of " + statementBytes + " bytes",
          "Narrow the statement with WHERE or LIMIT, or raise sql-statement-memory.");
    }
    if (used.addAndGet(bytes) > totalBytes) {
      used.addAndGet(-bytes);
      throw SqlProblem.withHint(
          SqlState.OUT_OF_MEMORY,
          "all statements together need more than " + totalBytes + " bytes",
          "Try again when other statements have ended.");
    }
  }

  void release(long bytes) {
    used.addAndGet(-bytes);
  }
}
