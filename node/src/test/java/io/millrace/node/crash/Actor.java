package io.millrace.node.crash;

import java.io.IOException;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Load on one connection, and the oracle of what it did. Loads are paced, so that cuts, not the
 * amount of journal, decide how long a round takes.
 */
interface Actor {
  /** Sends load until the connection breaks. */
  void load(int port) throws IOException;

  /**
   * Compares a server that has just started with what was acknowledged and what was under way, and
   * goes on from there.
   *
   * @throws AssertionError when they cannot be reconciled
   */
  void check(Wire wire) throws IOException;

  /** Operations acknowledged so far. */
  long acknowledged();

  /** Waits a little between two batches. */
  static void breathe(SplittableRandom random, int mostMicros) {
    LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(1 + random.nextInt(mostMicros)));
  }
}
