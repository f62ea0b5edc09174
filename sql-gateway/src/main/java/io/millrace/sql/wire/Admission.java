package io.millrace.sql.wire;

import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may come in: by address, and by number. Those who have not logged in may be as many as those
 * who have, as in PostgreSQL: they cannot keep others out for longer than the time to log in.
 */
final class Admission {
  private static final Logger LOG = LoggerFactory.getLogger(Admission.class);
  private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Predicate<InetAddress> admits;
  private final int most;
  private final AtomicInteger connected = new AtomicInteger();
  private final AtomicInteger loggedIn = new AtomicInteger();
  private final AtomicLong refused = new AtomicLong();
  private long toldAt = System.nanoTime() - TELL_NANOS;
  private long toldRefused;

  Admission(Predicate<InetAddress> admits, int most) {
    this.admits = admits;
    this.most = most;
  }

  /** Counts a new connection; false when there are too many. */
  boolean enter() {
    return connected.incrementAndGet() <= 2L * most;
  }

  /** Counts a connection that has ended. */
  void leave(boolean wasLoggedIn) {
    connected.decrementAndGet();
    if (wasLoggedIn) {
      loggedIn.decrementAndGet();
    }
  }

  /** Counts a login, which may be one too many; the connection leaves as one that was logged in. */
  boolean logIn() {
    return loggedIn.incrementAndGet() <= most;
  }

  int connected() {
    return connected.get();
  }

  /** Whether a client that has shown no password may use the door at the moment. */
  boolean admits(Channel client) {
    return client.remoteAddress() instanceof InetSocketAddress from
        && admits.test(from.getAddress());
  }

  /** Why protected mode does not let a client in. */
  static SqlProblem denied() {
    return SqlProblem.withHint(
        "28000",
        "the server is in protected mode: no password is set, so only clients of its own machine"
            + " may come in by the loopback interface",
        "Set a password (requirepass).");
  }

  static SqlProblem tooMany() {
    return new SqlProblem(SqlState.TOO_MANY_CONNECTIONS, "sorry, too many clients already");
  }

  /** Counts a wrong password, and logs it, though not more than once a second. */
  synchronized void failed(Channel client) {
    long all = refused.incrementAndGet();
    long now = System.nanoTime();
    if (now - toldAt >= TELL_NANOS) {
      LOG.warn("login refused: client={} since_last={}", client.remoteAddress(), all - toldRefused);
      toldAt = now;
      toldRefused = all;
    }
  }
}
