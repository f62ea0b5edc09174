package io.millrace.engine.internal.depots;

import io.millrace.engine.internal.file.DiskFiles;
import io.millrace.engine.internal.file.FileLayer;
import java.nio.file.Path;

/**
 * How the segments of kept depots are stored.
 *
 * @param directory where they are, one directory per depot and partition
 * @param files the file system
 * @param salt id of the data directory
 * @param segmentBytes size at which the next segment of a partition is begun
 * @param blockBytes size from which collected events are written as a block
 */
public record DepotConfig(
    Path directory, FileLayer files, long salt, long segmentBytes, int blockBytes) {

  /** Checks the values. */
  public DepotConfig {
    if (segmentBytes < 1 || blockBytes < 1) {
      throw new IllegalArgumentException(
          "Sizes must be positive: segmentBytes=" + segmentBytes + " blockBytes=" + blockBytes);
    }
  }

  /** The defaults, in a directory of the real file system. */
  public static DepotConfig in(Path directory) {
    return new DepotConfig(directory, new DiskFiles(), 0, 64L << 20, 256 << 10);
  }

  /** With another file system. */
  public DepotConfig files(FileLayer value) {
    return new DepotConfig(directory, value, salt, segmentBytes, blockBytes);
  }

  /** With the id of the data directory. */
  public DepotConfig salt(long value) {
    return new DepotConfig(directory, files, value, segmentBytes, blockBytes);
  }

  /** With other sizes. */
  public DepotConfig sizes(long segment, int block) {
    return new DepotConfig(directory, files, salt, segment, block);
  }
}
