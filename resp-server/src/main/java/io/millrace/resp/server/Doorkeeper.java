package io.millrace.resp.server;

import io.millrace.resp.config.ServerSettings;
import io.millrace.resp.session.Session;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may come in, and who may stay: judged when a client connects, when a setting changes, and
 * once a second. Used with the execution lock held.
 */
public final class Doorkeeper {
  /** What is to be done with a new client. */
  public enum Verdict {
    /** It may run commands. */
    OPEN,
    /** It has to log in first. */
    ASKS,
    /** Protected mode: it is told so and closed. */
    DENIED,
    /** There are too many already. */
    FULL
  }

  private static final Logger LOG = LoggerFactory.getLogger(Doorkeeper.class);
  private static final int MAPPED = 10;

  private final ServerSettings settings;
  private final Stats stats;
  private int strangers;
  private long failures;
  private String lastFailure = "";

  Doorkeeper(ServerSettings settings, Stats stats) {
    this.settings = settings;
    this.stats = stats;
  }

  /** True for an address of this machine that no other machine can come from. */
  public static boolean isLoopback(@Nullable InetAddress address) {
    if (address instanceof Inet6Address six && isMapped(six.getAddress())) {
      return six.getAddress()[MAPPED + 2] == 127;
    }
    return address != null && address.isLoopbackAddress();
  }

  /** An IPv4 address as a socket of both families tells it. */
  private static boolean isMapped(byte[] bytes) {
    for (int i = 0; i < MAPPED; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return bytes[MAPPED] == -1 && bytes[MAPPED + 1] == -1;
  }

  private boolean open() {
    return settings.value("requirepass").isEmpty();
  }

  private boolean protects() {
    return open() && settings.value("protected-mode").equals("yes");
  }

  /**
   * Judges a new client.
   *
   * @param local whether it comes from a loopback address
   * @param clients how many there are
   */
  public Verdict judge(boolean local, int clients) {
    long most = settings.number("maxclients");
    var verdict = Verdict.OPEN;
    if (protects() && !local) {
      verdict = Verdict.DENIED;
    } else if (clients >= most) {
      verdict = Verdict.FULL;
    } else if (!open()) {
      // Those who have not logged in leave room for those who have.
      verdict = strangers >= Math.max(1, most / 2) ? Verdict.FULL : Verdict.ASKS;
    }
    if (verdict == Verdict.DENIED || verdict == Verdict.FULL) {
      stats.rejectedConnections++;
    }
    return verdict;
  }

  void came(Session session) {
    strangers += session.authenticated() ? 0 : 1;
  }

  void left(Session session) {
    strangers -= session.authenticated() ? 0 : 1;
  }

  private void let(Session session, boolean in) {
    left(session);
    session.authenticated(in);
    came(session);
  }

  /** A client has shown that it may come in: by the password, or because there is none. */
  public void loggedIn(Session session) {
    let(session, true);
    session.proven(!open());
  }

  /** A client begins again as one that has just connected. */
  public void beginsAgain(Session session, long nowMs) {
    let(session, open());
    session.proven(false);
    session.strangerSinceMs(nowMs);
    if (protects() && !session.local()) {
      session.kill();
    }
  }

  /** A client gave a wrong password or name. */
  public void failed(Session session) {
    stats.accessDeniedAuth++;
    lastFailure = session.address();
    if (failures++ == 0) {
      LOG.warn("login refused: client={}", lastFailure);
    }
  }

  /** The password or protected mode may have changed. */
  void judgeAgain(Collection<Session> sessions) {
    if (!open()) {
      return;
    }
    boolean protects = protects();
    for (var session : sessions) {
      if (protects && !session.local() && !session.proven()) {
        session.kill();
      } else if (!session.authenticated()) {
        let(session, true);
      }
    }
  }

  /** Sends away who has not logged in in time, and who has been idle for too long. */
  void sweep(Collection<Session> sessions, Monitors monitors, Pause pause, long nowMs) {
    long idleMs = settings.number("timeout") * 1000;
    if (strangers > 0 || idleMs > 0) {
      long loginMs = settings.number("login-timeout") * 1000;
      for (var session : sessions) {
        if (!session.authenticated() && nowMs - session.strangerSinceMs() > loginMs) {
          LOG.info("client={} closed: not logged in in time", session.address());
          session.kill();
        } else if (idleMs > 0 && idle(session, monitors, nowMs - idleMs) && !pause.holds(session)) {
          session.kill();
        }
      }
    }
    if (failures > 1) {
      LOG.warn("logins refused: {} more, the last client={}", failures - 1, lastFailure);
    }
    failures = 0;
  }

  private static boolean idle(Session session, Monitors monitors, long sinceMs) {
    return session.lastActiveMs() < sinceMs
        && !session.waits()
        && !session.subscriptions().any()
        && !monitors.contains(session);
  }
}
