package io.millrace.engine.internal.depots;

import io.millrace.engine.depot.DepotReader;
import io.millrace.engine.depot.Retention;
import io.millrace.engine.internal.file.DiskFullException;
import io.millrace.engine.internal.log.Journal;
import io.millrace.engine.internal.log.JournalReader;
import io.millrace.engine.internal.log.RecordView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Depots whose events outlive the checkpoint, copied behind the journal into segments of their own:
 * only what the journal has synced, so that a segment is never ahead of it.
 *
 * <p>The journal may be truncated only below {@link #syncedEnd}; {@link #sync} moves it. At start
 * everything a manifest does not promise is dropped and copied again.
 */
public final class DepotSegments implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DepotSegments.class);
  private static final long PAUSE_NANOS = 250_000_000L;
  private static final long HOUSEKEEPING_NANOS = 10_000_000_000L;

  private final DepotConfig config;
  private final Journal journal;
  private final LongSupplier clockMs;
  private final Map<Integer, KeptDepot> depots = new ConcurrentHashMap<>();

  /** Copying, syncing, packing and retention exclude each other; readers do not need it. */
  private final ReentrantLock copyLock = new ReentrantLock();

  private @Nullable JournalReader reader;

  /** The reader stands on a record that is not synced yet. */
  private boolean held;

  private volatile long copiedTo = -1;
  private volatile boolean stopping;
  private @Nullable Thread thread;
  private volatile Supplier<NeededEvents> needed = () -> (depot, partition) -> Long.MAX_VALUE;
  private volatile LongPredicate roomToPack = bytes -> true;
  private volatile @Nullable Consumer<Throwable> fatalListener;
  private volatile @Nullable Throwable failure;

  private DepotSegments(DepotConfig config, Journal journal, LongSupplier clockMs) {
    this.config = config;
    this.journal = journal;
    this.clockMs = clockMs;
  }

  /**
   * Depot segments in a directory, behind a journal.
   *
   * @param clockMs wall clock for retention by age
   */
  public static DepotSegments open(DepotConfig config, Journal journal, LongSupplier clockMs) {
    return new DepotSegments(config, journal, clockMs);
  }

  /** Called once when copies cannot be made durable; like a failed force of the journal. */
  public void onFatal(Consumer<Throwable> listener) {
    fatalListener = listener;
  }

  /**
   * Keeps a depot from now on; does nothing more for one that is kept, except to change its
   * retention. Call it for every known depot before copying begins, and for a new one before its
   * first record is appended.
   */
  public void keep(int depot, Retention retention) throws IOException {
    KeptDepot kept = depots.get(depot);
    if (kept != null) {
      kept.retention(retention);
      return;
    }
    long from = copiedTo < 0 ? journal.start() : copiedTo;
    KeptDepot opened = KeptDepot.open(config, depot, retention, from, journal.written());
    if (copiedTo >= 0 && opened.synced() < copiedTo) {
      // Kept once, given up, and kept again: what was appended meanwhile is not in it.
      opened.resume(copiedTo);
    }
    depots.put(depot, opened);
  }

  /** Whether a depot is kept. */
  public boolean keeps(int depot) {
    return depots.containsKey(depot);
  }

  /** Copies by a thread of its own from now on. */
  public void start() {
    Thread copier = Thread.ofPlatform().name("depot-copier").daemon().unstarted(this::run);
    thread = copier;
    copier.start();
  }

  private void run() {
    long tidied = System.nanoTime();
    boolean complained = false;
    while (!stopping && failure == null) {
      try {
        // First: on a full disk nothing can be copied, but something may be given up.
        if (System.nanoTime() - tidied > HOUSEKEEPING_NANOS) {
          tidied = System.nanoTime();
          tidy();
        }
        copyStep();
        complained = false;
      } catch (DiskFullException e) {
        if (!complained) {
          LOG.warn("Depots are not copied until there is space again: {}", e.getMessage());
          complained = true;
        }
      } catch (IOException | RuntimeException | OutOfMemoryError e) {
        if (!stopping) {
          failed(e);
        }
        return;
      }
      LockSupport.parkNanos(this, PAUSE_NANOS);
    }
  }

  private void refuseAfterFailure() throws IOException {
    Throwable earlier = failure;
    if (earlier != null) {
      throw new IOException("The copies of the depots have failed before", earlier);
    }
  }

  /** What could not be forced is never forced again: the copies are made anew at the next start. */
  private synchronized void failed(Throwable cause) {
    if (failure != null) {
      return;
    }
    failure = cause;
    LOG.error("Depots can no longer be copied", cause);
    Consumer<Throwable> listener = fatalListener;
    if (listener != null) {
      listener.accept(cause);
    }
  }

  /** Copies what the journal has synced; false when there was nothing. */
  public boolean copyStep() throws IOException {
    copyLock.lock();
    try {
      refuseAfterFailure();
      return copy();
    } finally {
      copyLock.unlock();
    }
  }

  private boolean copy() throws IOException {
    if (copiedTo < 0) {
      copiedTo = beginning();
    }
    long limit = journal.synced();
    if (depots.isEmpty()) {
      closeReader();
      copiedTo = Math.max(copiedTo, limit);
      return false;
    }
    long before = copiedTo;
    if (before >= limit) {
      return false;
    }
    try {
      JournalReader from = reader;
      if (from == null) {
        from = journal.read(copiedTo);
        reader = from;
      }
      while (held || from.next()) {
        RecordView record = from.record();
        held = record.endPosition() > limit;
        if (held) {
          break;
        }
        KeptDepot kept = depots.get(record.depot());
        if (kept != null && record.position() >= kept.from()) {
          kept.partition(record.partition()).add(record);
        }
        copiedTo = record.endPosition();
      }
    } catch (IOException | RuntimeException e) {
      // What was taken already is recognised by its offset when it is read again.
      closeReader();
      throw e;
    }
    return copiedTo > before;
  }

  private long beginning() {
    long from = journal.synced();
    for (KeptDepot kept : depots.values()) {
      from = Math.min(from, kept.from());
    }
    return Math.max(from, journal.start());
  }

  private void closeReader() {
    JournalReader open = reader;
    reader = null;
    held = false;
    if (open != null) {
      open.close();
    }
  }

  /**
   * Copies what is synced and forces the copies; afterwards {@link #syncedEnd} is at least what
   * {@link Journal#synced} was.
   */
  public void sync() throws IOException {
    copyLock.lock();
    try {
      refuseAfterFailure();
      copy();
      long position = copiedTo;
      for (KeptDepot kept : depots.values()) {
        kept.sync(position, clockMs.getAsLong());
      }
    } catch (DiskFullException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      failed(e);
      throw e;
    } finally {
      copyLock.unlock();
    }
  }

  /** Says what is needed of the depots whatever their retention; asked without any lock held. */
  public void needed(Supplier<NeededEvents> source) {
    needed = source;
  }

  /** Asked before a segment is packed, which for a while takes as much room as it has. */
  public void roomToPack(LongPredicate asked) {
    roomToPack = asked;
  }

  /** What has been copied and is needed by nobody, per partition: up to which offset. */
  private Map<Integer, Long> free(int depot, KeptDepot kept) {
    // First the ends: what is copied has been folded or has stopped somebody by then.
    Map<Integer, Long> ends = kept.ends();
    NeededEvents asked = needed.get();
    ends.replaceAll((partition, end) -> Math.min(end, asked.from(depot, partition)));
    return ends;
  }

  /** Deletes what retention gives up, and packs sealed segments. */
  public void tidy() throws IOException {
    DiskFullException full = null;
    for (Map.Entry<Integer, KeptDepot> one : depots.entrySet()) {
      try {
        tidy(one.getKey(), one.getValue());
      } catch (DiskFullException e) {
        // What another depot gives up may make the room.
        full = e;
      }
    }
    if (full != null) {
      throw full;
    }
  }

  private void tidy(int depot, KeptDepot kept) throws IOException {
    if (!kept.forever()) {
      Map<Integer, Long> free = free(depot, kept);
      copyLock.lock();
      try {
        kept.retain(copiedTo, clockMs.getAsLong(), free);
      } finally {
        copyLock.unlock();
      }
    }
    boolean more = true;
    while (more && !stopping) {
      copyLock.lock();
      try {
        more = kept.packOne(roomToPack);
      } finally {
        copyLock.unlock();
      }
    }
  }

  /** Journal position below which every record of a kept depot is safe in its segments. */
  public long syncedEnd() {
    long position = Long.MAX_VALUE;
    for (KeptDepot kept : depots.values()) {
      position = Math.min(position, kept.synced());
    }
    return position;
  }

  /** Journal position up to which records were copied, forced or not. */
  public long copiedTo() {
    return Math.max(copiedTo, 0);
  }

  /** Reads from the first kept event at or behind an offset, up to what is released. */
  public DepotReader read(int depot, int partition, long fromOffset) {
    return new PartitionReader(this, depot, partition, fromOffset, Long.MIN_VALUE);
  }

  /** Reads from the first kept event at or behind a stamp, up to what is released. */
  public DepotReader readAt(int depot, int partition, long fromTimeMs) {
    return new PartitionReader(this, depot, partition, 0, fromTimeMs);
  }

  /** Gives up whole segments below an offset. */
  public void truncatePrefix(int depot, int partition, long before) throws IOException {
    KeptDepot kept = depots.get(depot);
    if (kept == null) {
      return;
    }
    copyLock.lock();
    try {
      kept.truncatePrefix(partition, before, copiedTo);
    } finally {
      copyLock.unlock();
    }
  }

  /** Oldest offset kept of a partition; its end when there is none. */
  public long startOffset(int depot, int partition) {
    DepotPartition found = partition(depot, partition);
    return found == null ? 0 : found.start();
  }

  /** An offset greater than all copied ones of a partition. */
  public long endOffset(int depot, int partition) {
    DepotPartition found = partition(depot, partition);
    return found == null ? 0 : found.end();
  }

  /** Bytes of a depot on disk. */
  public long bytes(int depot) {
    long sum = 0;
    for (DepotPartition partition : partitions(depot)) {
      sum += partition.bytes();
    }
    return sum;
  }

  /** Events of a depot in its segments. */
  public long count(int depot) {
    long sum = 0;
    for (DepotPartition partition : partitions(depot)) {
      sum += partition.count();
    }
    return sum;
  }

  private Collection<DepotPartition> partitions(int depot) {
    KeptDepot kept = depots.get(depot);
    return kept == null ? List.of() : new ArrayList<>(kept.partitions());
  }

  @Nullable DepotPartition partition(int depot, int partition) {
    KeptDepot kept = depots.get(depot);
    return kept == null ? null : kept.find(partition);
  }

  Journal journal() {
    return journal;
  }

  DepotConfig config() {
    return config;
  }

  /** Ends as a killed process would: nothing more is copied or forced. */
  public void abandon() {
    stop();
    closeReader();
  }

  /** Stops copying; forces what was copied. */
  @Override
  public void close() throws IOException {
    stop();
    try {
      if (journal.failure() == null && failure == null) {
        sync();
      }
    } finally {
      closeReader();
    }
  }

  private void stop() {
    stopping = true;
    Thread copier = thread;
    boolean interrupted = false;
    while (copier != null && copier.isAlive()) {
      LockSupport.unpark(copier);
      try {
        copier.join(50);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
