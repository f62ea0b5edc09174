package io.millrace.node.holds;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;

/** Sends PING all the time, on one connection, and notes how long each answer took. */
final class Pinger implements AutoCloseable {
  private static final int TIMEOUT_MS = 30_000;

  private final List<Long> micros = Collections.synchronizedList(new ArrayList<>());
  private final Thread thread;
  private volatile boolean closed;
  private volatile @Nullable RuntimeException failure;

  Pinger(int port) {
    thread = Thread.ofPlatform().daemon().start(() -> run(port));
  }

  private void run(int port) {
    try (var jedis = new Jedis("127.0.0.1", port, TIMEOUT_MS)) {
      while (!closed) {
        var start = System.nanoTime();
        jedis.ping();
        micros.add((System.nanoTime() - start) / 1_000);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
      }
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  /** The longest answer so far, and the present one if that takes even longer, in ms. */
  long longestMs() {
    synchronized (micros) {
      return micros.stream().mapToLong(Long::longValue).max().orElse(0) / 1_000;
    }
  }

  int answers() {
    return micros.size();
  }

  String summary() {
    synchronized (micros) {
      var sorted = micros.stream().sorted().toList();
      return sorted.isEmpty()
          ? "no answers"
          : "%d pings, p50 %d us, p99 %d us, longest %d us"
              .formatted(
                  sorted.size(),
                  sorted.get(sorted.size() / 2),
                  sorted.get(sorted.size() * 99 / 100),
                  sorted.getLast());
    }
  }

  @Nullable RuntimeException failure() {
    return failure;
  }

  @Override
  public void close() throws InterruptedException {
    closed = true;
    thread.join(TIMEOUT_MS);
  }
}
