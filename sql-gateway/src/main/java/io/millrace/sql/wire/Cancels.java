package io.millrace.sql.wire;

import io.millrace.sql.session.SqlSession;
import java.security.SecureRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Finds the session a cancel request means. */
final class Cancels {
  private record Entry(int secret, SqlSession session) {}

  private final ConcurrentHashMap<Integer, Entry> entries = new ConcurrentHashMap<>();
  private final AtomicInteger ids = new AtomicInteger();
  private final SecureRandom random = new SecureRandom();

  int newProcessId() {
    return ids.incrementAndGet() & 0x7FFF_FFFF;
  }

  /** Registers a session and returns its secret. */
  int add(int processId, SqlSession session) {
    var secret = random.nextInt();
    entries.put(processId, new Entry(secret, session));
    return secret;
  }

  void remove(int processId) {
    entries.remove(processId);
  }

  void cancel(int processId, int secret) {
    var entry = entries.get(processId);
    if (entry != null && entry.secret == secret) {
      entry.session.cancel();
    }
  }
}
