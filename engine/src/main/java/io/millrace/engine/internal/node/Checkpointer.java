package io.millrace.engine.internal.node;

import io.millrace.engine.internal.file.DiskFullException;
import io.millrace.engine.internal.runtime.Node;
import io.millrace.engine.internal.runtime.NodeExecution;
import io.millrace.engine.internal.store.TieredStore;
import io.millrace.engine.internal.store.cold.StoreFullException;
import io.millrace.engine.internal.store.cut.Cut;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes cuts durable (DESIGN 4): seal under the lock; sync the journal through the cut; one batch
 * into the store, flushed; only then delete journal segments below every position still needed.
 */
final class Checkpointer {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpointer.class);

  private static final long FOR_ROOM_MS = 1_000;

  private final Node node;
  private final TieredStore store;
  private final long journalBytes;
  private final long intervalMs;
  private final @Nullable Path archive;
  private final KeptCheckpoints kept;
  private final DepotCopies copies;
  private final ReentrantLock one = new ReentrantLock();
  private volatile long lastPosition;
  private volatile long lastNanos = System.nanoTime();
  private volatile long completed;
  private final DiskWatch disk;
  private volatile Phase phase = Phase.IDLE;

  /** Positions that other readers of the journal still need. */
  interface DepotCopies {
    /** Makes the copies safe; everything below the answer is. */
    long neededFrom() throws IOException;
  }

  Checkpointer(
      Node node,
      Settings settings,
      KeptCheckpoints kept,
      DepotCopies copies,
      DiskWatch disk,
      long startPosition) {
    this.disk = disk;
    this.node = node;
    store = node.store();
    journalBytes = settings.journalBytes;
    intervalMs = settings.intervalMs;
    archive = settings.archive;
    this.kept = kept;
    this.copies = copies;
    lastPosition = startPosition;
  }

  /**
   * When to start a checkpoint and what to keep.
   *
   * @param archive where segments go that are no longer needed; null deletes them
   */
  record Settings(long journalBytes, long intervalMs, @Nullable Path archive) {}

  /** What a checkpoint is doing. */
  enum Phase {
    /** None is under way. */
    IDLE,
    /** The state is being sealed. */
    SEALING,
    /** The journal is being synced through the cut. */
    SYNCING,
    /** The batch is being collected, written and flushed. */
    WRITING,
    /** The checkpoint is kept beside the newest state. */
    KEEPING,
    /** Journal segments below it are let go. */
    TRUNCATING
  }

  /** True when a trigger of DESIGN 4 has been reached. */
  boolean due() {
    // First: what is freed behind removed collections makes state dirty without any record.
    if (store.wantsCheckpoint()) {
      return true;
    }
    long grown = node.journal().appended() - lastPosition;
    if (grown == 0) {
      return disk.lacksRoom();
    }
    long elapsedMs = (System.nanoTime() - lastNanos) / 1_000_000;
    // On a disk that is nearly full a checkpoint gives the journal's space back.
    boolean forRoom = disk.tight() && elapsedMs >= FOR_ROOM_MS;
    return grown >= journalBytes || elapsedMs >= intervalMs || forRoom;
  }

  /**
   * Takes a cut and makes it durable.
   *
   * @return position of the cut
   */
  long checkpoint() throws IOException, InterruptedException {
    one.lock();
    try {
      disk.begins();
      long position = make();
      disk.succeeded();
      return position;
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      disk.failed(e, e instanceof StoreFullException || e instanceof DiskFullException);
      throw e;
    } finally {
      phase = Phase.IDLE;
      one.unlock();
    }
  }

  private long make() throws IOException, InterruptedException {
    phase = Phase.SEALING;
    Cut cut = seal();
    phase = Phase.SYNCING;
    syncThrough(cut);
    phase = Phase.WRITING;
    store.checkpoint(cut);
    lastPosition = cut.position();
    lastNanos = System.nanoTime();
    completed = completed + 1;
    phase = Phase.KEEPING;
    kept.keep(store, cut.position());
    phase = Phase.TRUNCATING;
    long needed = Math.min(kept.oldest(), copies.neededFrom());
    node.journal().truncateBefore(Math.min(cut.position(), needed), archive);
    LOG.debug("checkpoint position={} number={}", cut.position(), completed);
    return cut.position();
  }

  /** What is being done now. */
  Phase phase() {
    return phase;
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
          node.journal().appended(), execution.newestRecordMs(), execution.runtimeMeta());
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
