package io.millrace.node;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a process that cannot shut down because a fold holds the node: what the journal has been
 * given is written and synced, then the process halts with {@link ExitCode#FAILED}. Nothing that
 * was acknowledged is lost; the last checkpoint stands.
 */
final class LastResort {
  private static final Logger LOG = LoggerFactory.getLogger(LastResort.class);
  private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long FLUSH_MS = 5_000;

  private LastResort() {}

  /** Looks until the process ends; to be run while it shuts down. */
  static void watch(MillraceNode node, IntConsumer halt) {
    while (!node.isHeld()) {
      LockSupport.parkNanos(LOOK_NS);
      if (node.isClosed()) {
        return;
      }
    }
    var flush = Thread.ofPlatform().daemon().name("flush").start(() -> flush(node));
    try {
      flush.join(FLUSH_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    LOG.error("A fold holds the node: the process ends without a checkpoint, the journal is whole");
    halt.accept(ExitCode.FAILED);
  }

  private static void flush(MillraceNode node) {
    try {
      node.engine().flushJournal();
    } catch (IOException e) {
      LOG.error("The journal cannot be written", e);
    }
  }
}
