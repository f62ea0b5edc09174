package io.millrace.engine.internal.depots;

import io.millrace.engine.depot.Retention;
import io.millrace.engine.internal.file.DiskFullException;
import io.millrace.engine.internal.file.FileHandle;
import io.millrace.engine.internal.file.FileLayer;
import io.millrace.engine.internal.file.WholeFile;
import io.millrace.engine.internal.log.DamageException;
import io.millrace.engine.internal.log.RecordView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * One partition of a kept depot: sealed segments, one that grows, and the block being collected.
 * Changes need the copy lock of {@link DepotSegments}; readers look through {@link #locate}, which
 * needs only this object's monitor.
 */
final class DepotPartition {
  /** Packed blocks hold so many bytes before packing. */
  private static final int PACK_BYTES = 256 << 10;

  /** A retention limit is met in steps of about this fraction of it. */
  private static final int STEPS = 4;

  /**
   * Where a reader finds the next event: a segment, or a copy of the block being collected.
   *
   * @param part the segment, or null for the block
   * @param limit bytes of the segment that may be read, -1 for all
   */
  record Place(@Nullable DepotPart part, Path file, long limit, DepotBlock block, byte[] events) {}

  private static final DepotBlock NO_BLOCK = new DepotBlock(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  private final DepotConfig config;
  private final Path directory;
  private final int depot;
  private final int partition;
  private final PendingBlock pending = new PendingBlock();
  private final Set<Path> unsynced = new HashSet<>();
  private final List<DepotPart> unpacked = new ArrayList<>();
  private List<DepotPart> parts = List.of();
  private long end;
  private boolean changed;

  DepotPartition(DepotConfig config, Path depotDirectory, int depot, int partition) {
    this.config = config;
    this.depot = depot;
    this.partition = partition;
    directory = depotDirectory.resolve(Integer.toString(partition));
  }

  /** Takes over what the manifest promises and drops what goes beyond it. */
  void load(DepotManifest.Partition known) throws IOException {
    FileLayer files = config.files();
    unpacked.clear();
    Set<String> names = new HashSet<>(files.list(directory));
    List<DepotPart> loaded = new ArrayList<>();
    for (DepotPart part : known.parts()) {
      Path file = directory.resolve(part.name());
      if (!names.remove(part.name())) {
        throw new DamageException(
            file.toString(),
            0,
            part.first(),
            "A segment of depot " + depot + " is missing",
            "Restore a backup of this directory.");
      }
      loaded.add(loadPart(file, part));
    }
    for (String surplus : names) {
      files.delete(directory.resolve(surplus));
    }
    parts = List.copyOf(loaded);
    end = known.end();
  }

  private DepotPart loadPart(Path file, DepotPart part) throws IOException {
    FileLayer.Mode mode = part.sealed() ? FileLayer.Mode.READ : FileLayer.Mode.WRITE;
    try (FileHandle handle = config.files().open(file, mode)) {
      if (part.sealed()) {
        DepotBlock first = DepotBlock.header(handle, file.toString(), 0, config.salt());
        if ((first.flags() & DepotBlock.PACKED) == 0) {
          unpacked.add(part);
        }
        return part.resized(handle.size());
      }
      if (handle.size() < part.bytes()) {
        throw new DamageException(
            file.toString(),
            handle.size(),
            part.lastOffset(),
            "A segment of depot " + depot + " is shorter than it was",
            "Restore a backup of this directory.");
      }
      handle.truncate(part.bytes());
      return part;
    }
  }

  // --- Under the copy lock.

  /** Takes a record, unless it is here already. */
  void add(RecordView record) throws IOException {
    synchronized (this) {
      if (record.offset() < end) {
        return;
      }
      pending.add(record);
      end = record.offset() + 1;
      changed = true;
    }
    if (pending.length() >= config.blockBytes()) {
      flush();
    }
  }

  /** Writes the collected block. */
  void flush() throws IOException {
    if (pending.isEmpty()) {
      return;
    }
    FileLayer files = config.files();
    DepotPart open = parts.isEmpty() ? null : parts.getLast();
    boolean fresh = open == null || open.sealed();
    DepotPart target = open == null || open.sealed() ? fresh() : open;
    DepotBlock header = pending.header(depot, partition);
    ByteBuffer block = DepotBlock.encode(header, pending.bytes(), false, config.salt());
    Path file = directory.resolve(target.name());
    if (fresh) {
      files.createDirectories(directory);
    }
    FileLayer.Mode mode = files.exists(file) ? FileLayer.Mode.WRITE : FileLayer.Mode.CREATE;
    try (FileHandle handle = files.open(file, mode)) {
      if (handle.size() > target.bytes()) {
        // A write that failed half-way.
        handle.truncate(target.bytes());
      }
      append(handle, block, target.bytes());
    }
    unsynced.add(file);
    List<DepotPart> next = new ArrayList<>(fresh ? parts : parts.subList(0, parts.size() - 1));
    next.add(target.with(header));
    synchronized (this) {
      parts = List.copyOf(next);
      pending.clear();
    }
  }

  /** On a full disk the part that was written goes again: others may make room with so little. */
  private static void append(FileHandle handle, ByteBuffer block, long at) throws IOException {
    try {
      WholeFile.append(handle, block, at);
    } catch (DiskFullException e) {
      handle.truncate(at);
      throw e;
    }
  }

  private DepotPart fresh() {
    return DepotPart.empty(pending.firstOffset());
  }

  /**
   * Forces what was written, and seals the open segment when it is due.
   *
   * @return whether the manifest must be written for it
   */
  boolean sync(Retention retention, int partitions, long nowMs) throws IOException {
    flush();
    FileLayer files = config.files();
    for (Path file : unsynced) {
      try (FileHandle handle = files.open(file, FileLayer.Mode.WRITE)) {
        handle.sync();
      }
    }
    if (!unsynced.isEmpty()) {
      files.syncDirectory(directory);
    }
    unsynced.clear();
    boolean dirty = changed | sealIfDue(retention, partitions, nowMs);
    changed = false;
    return dirty;
  }

  private boolean sealIfDue(Retention retention, int partitions, long nowMs) {
    if (parts.isEmpty() || parts.getLast().sealed() || parts.getLast().count() == 0) {
      return false;
    }
    DepotPart open = parts.getLast();
    long share = (long) STEPS * partitions;
    boolean due =
        open.bytes() >= config.segmentBytes()
            || over(open.bytes(), retention.maxBytes() / share, retention.maxBytes())
            || over(open.count(), retention.maxCount() / share, retention.maxCount())
            || over(nowMs - open.firstTime(), retention.maxAgeMs() / STEPS, retention.maxAgeMs());
    if (due) {
      List<DepotPart> next = new ArrayList<>(parts.subList(0, parts.size() - 1));
      DepotPart sealed = open.seal();
      next.add(sealed);
      unpacked.add(sealed);
      synchronized (this) {
        parts = List.copyOf(next);
      }
    }
    return due;
  }

  private static boolean over(long value, long step, long limit) {
    return limit > 0 && value > step;
  }

  /** What the manifest says about this partition. */
  synchronized DepotManifest.Partition manifest() {
    return new DepotManifest.Partition(end, parts);
  }

  /** Oldest sealed segment, or null. */
  @Nullable DepotPart oldestSealed() {
    return parts.isEmpty() || !parts.get(0).sealed() ? null : parts.get(0);
  }

  /** Takes the oldest segment out; its file is deleted by {@link #delete}. */
  void dropOldest() {
    DepotPart oldest = parts.get(0);
    unpacked.removeIf(part -> part.first() == oldest.first());
    synchronized (this) {
      parts = List.copyOf(parts.subList(1, parts.size()));
    }
  }

  /**
   * Puts a shorter segment in the place of the oldest one.
   *
   * @param events how many of its first events go
   * @return the old one, to be deleted when the manifest knows the new one; null when all stays
   */
  @Nullable DepotPart trimOldest(long events) throws IOException {
    DepotPart oldest = parts.get(0);
    if (events <= 0 || events >= oldest.count()) {
      return null;
    }
    FileLayer files = config.files();
    Path file = directory.resolve(oldest.name());
    Path half = directory.resolve(oldest.name() + ".tmp");
    files.delete(half);
    DepotPart shorter;
    try (FileHandle in = files.open(file, FileLayer.Mode.READ);
        FileHandle out = files.open(half, FileLayer.Mode.CREATE)) {
      shorter = new SegmentTail(config.salt(), depot, partition).copy(in, file, out, events);
      out.sync();
    } catch (DiskFullException e) {
      files.delete(half);
      throw e;
    }
    files.rename(half, directory.resolve(shorter.name()));
    files.syncDirectory(directory);
    unpacked.removeIf(part -> part.first() == oldest.first());
    List<DepotPart> next = new ArrayList<>(parts);
    next.set(0, shorter);
    synchronized (this) {
      parts = List.copyOf(next);
    }
    return oldest;
  }

  void delete(DepotPart part) throws IOException {
    config.files().delete(directory.resolve(part.name()));
  }

  /**
   * Packs one sealed segment that the manifest knows as sealed; false when there is none.
   *
   * @param room whether so many bytes may be taken for a while
   */
  boolean packOne(LongPredicate room) throws IOException {
    if (unpacked.isEmpty() || !room.test(unpacked.get(0).bytes())) {
      return false;
    }
    DepotPart part = unpacked.get(0);
    Path file = directory.resolve(part.name());
    Path half = directory.resolve(part.name() + ".tmp");
    FileLayer files = config.files();
    files.delete(half);
    long size;
    try (FileHandle in = files.open(file, FileLayer.Mode.READ);
        FileHandle out = files.open(half, FileLayer.Mode.CREATE)) {
      size = pack(in, file, out, part);
      out.sync();
    } catch (DiskFullException e) {
      files.delete(half);
      throw e;
    }
    files.rename(half, file);
    files.syncDirectory(directory);
    unpacked.remove(0);
    List<DepotPart> next = new ArrayList<>();
    for (DepotPart one : parts) {
      next.add(one.first() == part.first() ? one.resized(size) : one);
    }
    synchronized (this) {
      parts = List.copyOf(next);
    }
    return true;
  }

  private long pack(FileHandle in, Path file, FileHandle out, DepotPart part) throws IOException {
    PendingBlock block = new PendingBlock();
    BlockCursor cursor = new BlockCursor();
    long size = in.size();
    long from = 0;
    long to = 0;
    long count = 0;
    while (from < size) {
      DepotBlock header = DepotBlock.header(in, file.toString(), from, config.salt());
      cursor.set(header.events(in, file.toString(), from), header.raw(), header, file.toString());
      while (cursor.next()) {
        block.add(cursor.record());
        count++;
        if (block.length() >= PACK_BYTES) {
          to += packed(block, out, to);
        }
      }
      from += header.bytes();
    }
    if (count != part.count()) {
      throw new DamageException(
          file.toString(),
          from,
          part.first(),
          "A depot segment has " + count + " events instead of " + part.count(),
          "Restore a backup of this directory.");
    }
    return block.isEmpty() ? to : to + packed(block, out, to);
  }

  private long packed(PendingBlock block, FileHandle out, long at) throws IOException {
    ByteBuffer bytes =
        DepotBlock.encode(block.header(depot, partition), block.bytes(), true, config.salt());
    block.clear();
    return WholeFile.append(out, bytes, at);
  }

  /**
   * Drops what the journal does not reach: events at or behind {@code position}.
   *
   * @return position from which the journal must be copied again, -1 when nothing was dropped
   */
  long cutTo(long position) throws IOException {
    List<DepotPart> kept = new ArrayList<>();
    for (DepotPart part : parts) {
      Path file = directory.resolve(part.name());
      DepotPart whole = DepotPart.empty(part.first());
      try (FileHandle handle = config.files().open(file, FileLayer.Mode.READ)) {
        long size = part.sealed() ? handle.size() : part.bytes();
        long at = 0;
        while (at < size) {
          DepotBlock block = DepotBlock.header(handle, file.toString(), at, config.salt());
          if (block.endPosition() > position) {
            if (whole.count() > 0) {
              kept.add(whole);
            }
            List<DepotPart> next = List.copyOf(kept);
            synchronized (this) {
              parts = next;
              end = next.isEmpty() ? 0 : next.getLast().lastOffset() + 1;
            }
            unpacked.removeIf(one -> one.first() >= part.first());
            changed = true;
            return Math.min(position, block.firstPosition());
          }
          whole = whole.with(block);
          at += block.bytes();
        }
      }
      kept.add(part);
    }
    return -1;
  }

  // --- Readers.

  /** Where the first event at or behind an offset, or a stamp, is; null when not here yet. */
  synchronized @Nullable Place locate(long offset, long timeMs) {
    for (DepotPart part : parts) {
      if (part.lastOffset() >= offset && part.lastTime() >= timeMs) {
        long limit = part.sealed() ? -1 : part.bytes();
        return new Place(part, directory.resolve(part.name()), limit, NO_BLOCK, new byte[0]);
      }
    }
    if (!pending.isEmpty() && end > offset) {
      DepotBlock header = pending.header(depot, partition);
      return new Place(null, directory, 0, header, pending.copy());
    }
    return null;
  }

  /** An offset greater than all that were copied. */
  synchronized long end() {
    return end;
  }

  /** Offset of the oldest event kept, or the end. */
  synchronized long start() {
    if (!parts.isEmpty()) {
      return parts.get(0).first();
    }
    return pending.isEmpty() ? end : pending.firstOffset();
  }

  synchronized long bytes() {
    long sum = pending.length();
    for (DepotPart part : parts) {
      sum += part.bytes();
    }
    return sum;
  }

  synchronized long count() {
    long sum = 0;
    for (DepotPart part : parts) {
      sum += part.count();
    }
    return sum;
  }
}
