package io.millrace.engine.internal.runtime;

import io.millrace.engine.internal.store.Cut;
import io.millrace.engine.internal.store.TieredStore;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes cuts durable (DESIGN 4): seal under the lock; sync the journal through the cut; one batch
 * into the store, flushed; only then delete journal segments below every position still needed.
 */
final class Checkpointer {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpointer.class);

  private final Node node;
  private final TieredStore store;
  private final long journalBytes;
  private final long intervalMs;
  private final boolean keepJournal;
  private final DepotCopies copies;
  private final ReentrantLock one = new ReentrantLock();
  private volatile long lastPosition;
  private volatile long lastNanos = System.nanoTime();
  private volatile long completed;

  /** Positions that other readers of the journal still need. */
  interface DepotCopies {
    /** Makes the copies safe; everything below the answer is. */
    long neededFrom() throws IOException;
  }

  Checkpointer(Node node, Settings settings, DepotCopies copies, long startPosition) {
    this.node = node;
    store = node.store();
    journalBytes = settings.journalBytes;
    intervalMs = settings.intervalMs;
    keepJournal = settings.keepJournal;
    this.copies = copies;
    lastPosition = startPosition;
  }

  /** When to start a checkpoint and what to keep. */
  record Settings(long journalBytes, long intervalMs, boolean keepJournal) {}

  /** True when a trigger of DESIGN 4 has been reached. */
  boolean due() {
    long grown = node.journal().appended() - lastPosition;
    if (grown == 0) {
      return false;
    }
    long elapsedMs = (System.nanoTime() - lastNanos) / 1_000_000;
    return grown >= journalBytes || elapsedMs >= intervalMs || store.wantsCheckpoint();
  }

  /**
   * Takes a cut and makes it durable.
   *
   * @return position of the cut
   */
  long checkpoint() throws IOException, InterruptedException {
    one.lock();
    try {
      Cut cut = seal();
      syncThrough(cut);
      store.checkpoint(cut);
      lastPosition = cut.position();
      lastNanos = System.nanoTime();
      completed = completed + 1;
      if (!keepJournal) {
        node.journal().truncateBefore(Math.min(cut.position(), copies.neededFrom()));
      }
      LOG.debug("checkpoint position={} number={}", cut.position(), completed);
      return cut.position();
    } finally {
      one.unlock();
    }
  }

  /** The journal must be durable through a cut before the cut is. */
  private void syncThrough(Cut cut) throws IOException, InterruptedException {
    boolean synced = false;
    try {
      node.write();
      node.journal().syncThrough(cut.position());
      synced = true;
    } finally {
      if (!synced) {
        node.lock().acquire();
        try {
          store.abandon(cut);
        } finally {
          node.lock().release();
        }
      }
    }
  }

  private Cut seal() {
    node.lock().acquire();
    try {
      NodeExecution execution = node.execution();
      return store.seal(
          node.journal().appended(), execution.newestRecordMs(), node.registry().offsets());
    } finally {
      node.lock().release();
    }
  }

  /** Number of checkpoints completed since the start. */
  long completed() {
    return completed;
  }

  /** Position of the last durable cut. */
  long position() {
    return lastPosition;
  }
}
