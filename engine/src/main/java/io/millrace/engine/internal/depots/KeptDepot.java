package io.millrace.engine.internal.depots;

import io.millrace.engine.depot.Retention;
import io.millrace.engine.internal.log.DamageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A kept depot: its partitions, its manifest and its retention. Needs the copy lock to change. */
final class KeptDepot {
  private static final Logger LOG = LoggerFactory.getLogger(KeptDepot.class);

  /** Where a segment goes in part, it is by more than this fraction of the limit. */
  private static final int STEPS = 4;

  /** A segment that is given up: out of its partition, but its file may still be there. */
  private record Victim(DepotPartition partition, DepotPart part) {}

  private final DepotConfig config;
  private final Path directory;
  private final int depot;
  private final Map<Integer, DepotPartition> partitions = new ConcurrentSkipListMap<>();

  /** They go with the next manifest, which a full disk may put off. */
  private final Deque<Victim> leaving = new ArrayDeque<>();

  private volatile Retention retention;
  private volatile long synced;
  private long from;
  private boolean manifested;

  /** The manifest must be written before {@link #synced} may move. */
  private boolean dirty;

  private KeptDepot(DepotConfig config, int depot, Retention retention, long from) {
    this.config = config;
    this.depot = depot;
    this.retention = retention;
    this.from = from;
    synced = from;
    directory = config.directory().resolve(Integer.toString(depot));
  }

  /**
   * Opens a depot's segments.
   *
   * @param from where to begin copying when it is new
   * @param journalEnd end of the journal; segments ahead of it are cut
   */
  static KeptDepot open(
      DepotConfig config, int depot, Retention retention, long from, long journalEnd)
      throws IOException {
    KeptDepot opened = new KeptDepot(config, depot, retention, from);
    DepotManifest manifest = DepotManifest.read(config.files(), opened.directory);
    if (manifest == null) {
      opened.refuseOrphans();
      return opened;
    }
    // Whoever renamed it may have died before the name was forced, and the journal is truncated
    // by what it says.
    config.files().syncDirectory(opened.directory);
    opened.manifested = true;
    opened.from = manifest.position();
    opened.synced = manifest.position();
    for (Map.Entry<Integer, DepotManifest.Partition> known : manifest.partitions().entrySet()) {
      opened.partition(known.getKey()).load(known.getValue());
    }
    if (manifest.position() > journalEnd) {
      opened.cutTo(journalEnd);
    }
    return opened;
  }

  /** Segments are written only after a manifest was: without one they are somebody's leftovers. */
  private void refuseOrphans() throws IOException {
    for (String name : config.files().list(directory)) {
      if (!name.equals(DepotManifest.NAME + ".tmp")) {
        throw new DamageException(
            directory.resolve(DepotManifest.NAME).toString(),
            0,
            from,
            "The manifest of depot " + depot + " is missing",
            "Restore a backup of this directory.");
      }
    }
  }

  private void cutTo(long journalEnd) throws IOException {
    LOG.warn(
        "The segments of depot {} are ahead of the journal and are cut: position={} journal={}",
        depot,
        synced,
        journalEnd);
    from = journalEnd;
    for (DepotPartition partition : partitions.values()) {
      long again = partition.cutTo(journalEnd);
      if (again >= 0) {
        from = Math.min(from, again);
      }
    }
    synced = from;
    manifest(from).write(config.files(), directory);
    for (Map.Entry<Integer, DepotManifest.Partition> known :
        manifest(from).partitions().entrySet()) {
      partition(known.getKey()).load(known.getValue());
    }
  }

  private DepotManifest manifest(long position) {
    Map<Integer, DepotManifest.Partition> all = new TreeMap<>();
    partitions.forEach((number, partition) -> all.put(number, partition.manifest()));
    return new DepotManifest(position, all);
  }

  void retention(Retention next) {
    retention = next;
  }

  /** Journal position of the first record that may be missing. */
  long from() {
    return from;
  }

  /** Goes on from a later position. */
  void resume(long position) {
    from = position;
    synced = position;
  }

  long synced() {
    return synced;
  }

  @Nullable DepotPartition find(int partition) {
    return partitions.get(partition);
  }

  Collection<DepotPartition> partitions() {
    return partitions.values();
  }

  /** A partition to add to. */
  DepotPartition partition(int number) throws IOException {
    DepotPartition found = partitions.get(number);
    if (found == null) {
      if (!manifested) {
        config.files().createDirectories(directory);
        manifest(from).write(config.files(), directory);
        manifested = true;
      }
      found = new DepotPartition(config, directory, depot, number);
      partitions.put(number, found);
    }
    return found;
  }

  /** Forces everything copied up to {@code position}. */
  void sync(long position, long nowMs) throws IOException {
    for (DepotPartition partition : partitions.values()) {
      dirty |= partition.sync(retention, partitions.size(), nowMs);
    }
    if (dirty) {
      manifest(position).write(config.files(), directory);
      dirty = false;
    }
    synced = Math.max(synced, position);
  }

  /** An offset greater than all copied ones, per partition. */
  Map<Integer, Long> ends() {
    Map<Integer, Long> ends = new TreeMap<>();
    partitions.forEach((number, partition) -> ends.put(number, partition.end()));
    return ends;
  }

  boolean forever() {
    return retention.forever();
  }

  /**
   * Gives up what exceeds the retention, but nothing that is needed.
   *
   * @param needed from which offset on a partition's events stay; those it does not know stay whole
   */
  void retain(long position, long nowMs, Map<Integer, Long> needed) throws IOException {
    Retention limits = retention;
    if (limits.forever()) {
      return;
    }
    sync(position, nowMs);
    long bytes = 0;
    long count = 0;
    for (DepotPartition partition : partitions.values()) {
      bytes += partition.bytes();
      count += partition.count();
    }
    Victim next = oldest(needed);
    for (; next != null; next = oldest(needed)) {
      long bytesLeft = bytes - next.part.bytes();
      long countLeft = count - next.part.count();
      boolean over =
          (limits.maxBytes() > 0 && bytesLeft >= limits.maxBytes())
              || (limits.maxCount() > 0 && countLeft >= limits.maxCount())
              || (limits.maxAgeMs() > 0 && nowMs - next.part.lastTime() > limits.maxAgeMs());
      if (!over) {
        break;
      }
      drop(next);
      bytes = bytesLeft;
      count = countLeft;
    }
    // Before a part is copied: that takes room, which a full disk has only then.
    give(position);
    if (next != null) {
      DepotPart trimmed = next.partition.trimOldest(excess(limits, next.part, bytes, count));
      if (trimmed != null) {
        dirty = true;
        leaving.add(new Victim(next.partition, trimmed));
      }
    }
    give(position);
  }

  private void drop(Victim oldest) {
    oldest.partition.dropOldest();
    dirty = true;
    leaving.add(oldest);
  }

  /** How many events of a segment that goes in part are too many, if it is worth the work. */
  private static long excess(Retention limits, DepotPart part, long bytes, long count) {
    long most = 0;
    if (limits.maxCount() > 0 && count - limits.maxCount() > limits.maxCount() / STEPS) {
      most = count - limits.maxCount();
    }
    if (limits.maxBytes() > 0 && bytes - limits.maxBytes() > limits.maxBytes() / STEPS) {
      double share = (bytes - limits.maxBytes()) / (double) Math.max(1, part.bytes());
      most = Math.max(most, (long) (part.count() * share));
    }
    return most;
  }

  /**
   * The sealed segment with the oldest newest event that nobody needs; each partition's oldest is a
   * candidate.
   */
  private @Nullable Victim oldest(Map<Integer, Long> needed) {
    Victim found = null;
    for (Map.Entry<Integer, DepotPartition> one : partitions.entrySet()) {
      DepotPart part = one.getValue().oldestSealed();
      if (part == null || part.lastOffset() >= needed.getOrDefault(one.getKey(), 0L)) {
        continue;
      }
      if (found == null || part.lastTime() < found.part.lastTime()) {
        found = new Victim(one.getValue(), part);
      }
    }
    return found;
  }

  void truncatePrefix(int number, long before, long position) throws IOException {
    DepotPartition partition = partitions.get(number);
    if (partition == null) {
      return;
    }
    DepotPart part = partition.oldestSealed();
    while (part != null && part.lastOffset() < before) {
      drop(new Victim(partition, part));
      part = partition.oldestSealed();
    }
    give(position);
  }

  /** The manifest forgets them before they go, so that a crash between leaves no gap. */
  private void give(long position) throws IOException {
    if (leaving.isEmpty()) {
      return;
    }
    sync(position, 0);
    for (Victim victim = leaving.peek(); victim != null; victim = leaving.peek()) {
      victim.partition.delete(victim.part);
      leaving.remove();
    }
  }

  /** Packs one sealed segment; false when there is none, or no room for it. */
  boolean packOne(LongPredicate room) throws IOException {
    if (dirty) {
      // The manifest does not know yet what is sealed.
      return false;
    }
    for (DepotPartition partition : partitions.values()) {
      if (partition.packOne(room)) {
        return true;
      }
    }
    return false;
  }
}
