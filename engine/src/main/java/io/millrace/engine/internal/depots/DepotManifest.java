package io.millrace.engine.internal.depots;

import io.millrace.engine.internal.file.FileHandle;
import io.millrace.engine.internal.file.FileLayer;
import io.millrace.engine.internal.file.WholeFile;
import io.millrace.engine.internal.log.DamageException;
import io.millrace.engine.internal.log.NewerFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What of a depot is safely in its segments: written after they are forced, replaced as a whole. At
 * start everything beyond it is dropped and copied from the journal again.
 *
 * @param position journal position below which all records of the depot are in the segments
 * @param partitions the segments of each partition and the offset its next event will exceed
 */
record DepotManifest(long position, Map<Integer, Partition> partitions) {
  static final String NAME = "manifest";
  private static final int MAGIC = 0x4d72_4d31;
  private static final int VERSION = 1;
  private static final String ADVICE = "Nothing was changed. Restore a backup of this directory.";

  /**
   * One partition.
   *
   * @param end an offset greater than all in use
   * @param parts its segments, oldest first
   */
  record Partition(long end, List<DepotPart> parts) {}

  /** The manifest of a depot's directory; null when there is none. */
  static @Nullable DepotManifest read(FileLayer files, Path directory) throws IOException {
    Path file = directory.resolve(NAME);
    if (!files.exists(file)) {
      return null;
    }
    try (FileHandle handle = files.open(file, FileLayer.Mode.READ)) {
      ByteBuffer in = ByteBuffer.allocate((int) handle.size());
      while (in.hasRemaining() && handle.read(in, in.position()) >= 0) {
        // Until it is whole.
      }
      in.flip();
      if (in.limit() < 12 || in.getInt(0) != MAGIC || in.getInt(4) != crc(in)) {
        throw new DamageException(
            file.toString(), 0, -1, "The manifest of a depot is damaged", ADVICE);
      }
      int version = in.getInt(8);
      if (version > VERSION) {
        throw new NewerFormatException(file.toString(), version, VERSION);
      }
      in.position(12);
      return decode(in);
    }
  }

  private static DepotManifest decode(ByteBuffer in) {
    long position = in.getLong();
    int count = in.getInt();
    Map<Integer, Partition> partitions = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      int partition = in.getInt();
      long end = in.getLong();
      int size = in.getInt();
      List<DepotPart> parts = new ArrayList<>(size);
      for (int p = 0; p < size; p++) {
        parts.add(
            new DepotPart(
                in.getLong(),
                in.getLong(),
                in.get() != 0,
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong()));
      }
      partitions.put(partition, new Partition(end, List.copyOf(parts)));
    }
    return new DepotManifest(position, partitions);
  }

  private static int crc(ByteBuffer all) {
    CRC32C crc = new CRC32C();
    crc.update(all.duplicate().position(8));
    return (int) crc.getValue();
  }

  /** Replaces the manifest; durable when it returns. */
  void write(FileLayer files, Path directory) throws IOException {
    int size = 24;
    for (Partition partition : partitions.values()) {
      size += 16 + 49 * partition.parts.size();
    }
    ByteBuffer out = ByteBuffer.allocate(size);
    out.putInt(MAGIC).putInt(0).putInt(VERSION).putLong(position).putInt(partitions.size());
    partitions.forEach((number, partition) -> {
      out.putInt(number).putLong(partition.end).putInt(partition.parts.size());
      for (DepotPart part : partition.parts) {
        out.putLong(part.first()).putLong(part.bytes()).put((byte) (part.sealed() ? 1 : 0));
        out.putLong(part.count()).putLong(part.lastOffset());
        out.putLong(part.firstTime()).putLong(part.lastTime());
      }
    });
    out.flip();
    out.putInt(4, crc(out));
    Path half = directory.resolve(NAME + ".tmp");
    WholeFile.write(files, half, List.of(out));
    files.rename(half, directory.resolve(NAME));
    files.syncDirectory(directory);
  }
}
