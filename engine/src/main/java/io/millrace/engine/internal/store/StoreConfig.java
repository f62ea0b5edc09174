package io.millrace.engine.internal.store;

import java.nio.file.Path;

/**
 * How a {@link TieredStore} is opened.
 *
 * @param directory directory of the cold tier; made when missing
 * @param tasks number of tasks P
 * @param hashSeed seed of {@code KeyHash}, from the FORMAT file
 * @param hotMemoryBytes budget of the hot tier; clean entries beyond it are evicted
 * @param blockCacheBytes size of RocksDB's shared block cache
 * @param writeBufferBytes memtable size that makes RocksDB flush by itself
 * @param preservedBytes budget for versions kept only because snapshots need them
 */
public record StoreConfig(
    Path directory,
    int tasks,
    long hashSeed,
    long hotMemoryBytes,
    long blockCacheBytes,
    long writeBufferBytes,
    long preservedBytes) {

  /** Checks the values. */
  public StoreConfig {
    if (tasks < 1 || tasks > 16384 || Integer.bitCount(tasks) != 1) {
      throw new IllegalArgumentException("tasks must be a power of two up to 16384: " + tasks);
    }
    if (hotMemoryBytes < 1) {
      throw new IllegalArgumentException("hot memory must be positive: " + hotMemoryBytes);
    }
  }

  /** A configuration with sizes derived from the hot-memory budget. */
  public static StoreConfig of(Path directory, int tasks, long hashSeed, long hotMemoryBytes) {
    return new StoreConfig(
        directory,
        tasks,
        hashSeed,
        hotMemoryBytes,
        Math.clamp(hotMemoryBytes / 8, 1L << 20, 256L << 20),
        64L << 20,
        preservedBytes(hotMemoryBytes));
  }

  /** What versions may take that are kept only because snapshots need them. */
  public static long preservedBytes(long hotMemoryBytes) {
    return Math.max(hotMemoryBytes / 4, 1L << 20);
  }
}
