package io.millrace.node.hostile;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A client like any other, on a thread of its own: what it was answered, and how long that took.
 */
final class Witness implements AutoCloseable {
  /** One request over a new or a kept connection. */
  interface Request {
    /** Sends it and waits for the answer; number {@code n}. */
    boolean answered(Client client, long n) throws IOException;
  }

  /** Makes a connection. */
  interface Connect {
    /** A connection that is ready for requests. */
    Client open() throws IOException;
  }

  final String name;
  private final AtomicBoolean done = new AtomicBoolean();
  private final Thread thread;
  volatile long acknowledged;
  volatile long worstMs;
  volatile long refused;
  volatile String lastProblem = "";

  Witness(String name, Connect connect, Request request) {
    this.name = name;
    thread = Thread.ofPlatform().name(name).daemon().start(() -> run(connect, request));
  }

  private void run(Connect connect, Request request) {
    while (!done.get()) {
      try (var client = connect.open()) {
        while (!done.get()) {
          long start = System.nanoTime();
          boolean answered = request.answered(client, acknowledged + 1);
          worstMs = Math.max(worstMs, (System.nanoTime() - start) / 1_000_000);
          if (answered) {
            acknowledged++;
          } else {
            refused++;
          }
          Thread.onSpinWait();
        }
      } catch (IOException | RuntimeException broken) {
        if (!done.get()) {
          refused++;
          lastProblem = broken.toString();
        }
      }
    }
  }

  @Override
  public void close() throws InterruptedException {
    done.set(true);
    thread.join(60_000);
  }

  @Override
  public String toString() {
    return name
        + ": answered="
        + acknowledged
        + " refused="
        + refused
        + " worst="
        + worstMs
        + " ms"
        + (lastProblem.isEmpty() ? "" : " last=" + lastProblem);
  }
}
