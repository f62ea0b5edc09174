package io.millrace.sql.session;

import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The time a session gives its statements, and the words with which one is ended early. */
final class TimeLimit {
  private static final String TIMEOUT = "canceling statement due to statement timeout";
  private static final String USER_REQUEST = "canceling statement due to user request";

  private final ScheduledExecutorService timer;
  private final SessionSettings settings;

  TimeLimit(ScheduledExecutorService timer, SessionSettings settings) {
    this.timer = timer;
    this.settings = settings;
  }

  /** Does something when the time from now on is over; null when there is no limit. */
  @Nullable Future<?> schedule(Runnable end) {
    return settings.timeoutMs() == 0
        ? null
        : timer.schedule(end, settings.timeoutMs(), TimeUnit.MILLISECONDS);
  }

  /** The time was over. */
  static SqlProblem timedOut() {
    return new SqlProblem(SqlState.QUERY_CANCELED, TIMEOUT);
  }

  /** The client asked for it. */
  static SqlProblem userRequest() {
    return new SqlProblem(SqlState.QUERY_CANCELED, USER_REQUEST);
  }
}
