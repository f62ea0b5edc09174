package io.millrace.sql.run;

import io.millrace.engine.state.RequestMemory;
import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import java.util.concurrent.atomic.AtomicLong;

/** Memory that all statements together may hold; each statement also has a limit of its own. */
public final class MemoryBudget {
  private final long totalBytes;
  private final long statementBytes;
  private final RequestMemory requests;
  private final AtomicLong used = new AtomicLong();

  /** A budget for all statements and for one, within the memory that requests may hold. */
  public MemoryBudget(long totalBytes, long statementBytes, RequestMemory requests) {
    this.requests = requests;
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
    boolean within = used.addAndGet(bytes) <= totalBytes;
    if (!within || !requests.take(bytes)) {
      used.addAndGet(-bytes);
      throw SqlProblem.withHint(
          SqlState.OUT_OF_MEMORY,
          within
              ? "all requests together need more than " + requests.limit() + " bytes"
              : "all statements together need more than " + totalBytes + " bytes",
          "Try again when other statements have ended.");
    }
  }

  /** Reserves what is kept beyond a statement. */
  public void reserve(long bytes) {
    reserve(bytes, 0);
  }

  /** Gives reserved memory back. */
  public void release(long bytes) {
    used.addAndGet(-bytes);
    requests.give(bytes);
  }
}
