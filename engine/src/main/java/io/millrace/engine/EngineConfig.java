package io.millrace.engine;

import io.millrace.engine.internal.log.FsyncMode;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/**
 * How an engine is kept. Immutable; change by the {@code with} methods.
 *
 * @param directory data directory; made when absent
 * @param tasks number of tasks P, a power of two from 1 to 16384, fixed when the directory is made
 * @param appendfsync {@code always}, {@code everysec} or {@code no}
 * @param hotMemoryBytes budget of the hot tier
 * @param blockCacheBytes budget of the cold tier's block cache
 * @param segmentBytes size of a journal segment
 * @param checkpointJournalBytes journal growth that starts a checkpoint
 * @param checkpointIntervalMs time that starts a checkpoint when anything changed
 * @param keepJournal move journal segments that are no longer needed to the archive instead of
 *     deleting them (refold from zero)
 * @param clockMs wall clock in ms since the epoch
 * @param background whether the engine runs its own checkpoint and housekeeping threads; without
 *     them the owner calls {@link Engine#checkpoint} and {@link Engine#housekeep}
 * @param memtableBytes size of the cold tier's memtables
 * @param keptCheckpoints how many checkpoints are kept beside the newest state, to refold from
 */
public record EngineConfig(
    Path directory,
    int tasks,
    FsyncPolicy appendfsync,
    long hotMemoryBytes,
    long blockCacheBytes,
    long segmentBytes,
    long checkpointJournalBytes,
    long checkpointIntervalMs,
    boolean keepJournal,
    LongSupplier clockMs,
    boolean background,
    long memtableBytes,
    int keptCheckpoints) {

  /** When the journal is forced to disk; the words of Redis's {@code appendfsync}. */
  public enum FsyncPolicy {
    /** Before each reply. */
    ALWAYS,
    /** At least every 500 ms; nothing older than a second is ever lost. */
    EVERYSEC,
    /** When the kernel likes. */
    NO;

    FsyncMode mode() {
      return FsyncMode.valueOf(name());
    }
  }

  /** Checks the values. */
  public EngineConfig {
    if (tasks < 1 || tasks > 16384 || Integer.bitCount(tasks) != 1) {
      throw new IllegalArgumentException(
          "tasks must be a power of two from 1 to 16384: tasks=" + tasks);
    }
    if (hotMemoryBytes < 1 << 20) {
      throw new IllegalArgumentException(
          "hot-memory must be at least 1mb: hotMemoryBytes=" + hotMemoryBytes);
    }
    if (keptCheckpoints < 0) {
      throw new IllegalArgumentException("keptCheckpoints must not be negative");
    }
  }

  /** Defaults in a directory: 64 tasks, everysec, a quarter of the machine's memory. */
  public static EngineConfig in(Path directory) {
    return new EngineConfig(
        directory,
        64,
        FsyncPolicy.EVERYSEC,
        1L << 30,
        64L << 20,
        64L << 20,
        256L << 20,
        60_000,
        false,
        System::currentTimeMillis,
        true,
        64L << 20,
        0);
  }

  /** With another number of tasks. */
  public EngineConfig withTasks(int value) {
    return new EngineConfig(
        directory,
        value,
        appendfsync,
        hotMemoryBytes,
        blockCacheBytes,
        segmentBytes,
        checkpointJournalBytes,
        checkpointIntervalMs,
        keepJournal,
        clockMs,
        background,
        memtableBytes,
        keptCheckpoints);
  }

  /** With another fsync policy. */
  public EngineConfig withAppendfsync(FsyncPolicy value) {
    return new EngineConfig(
        directory,
        tasks,
        value,
        hotMemoryBytes,
        blockCacheBytes,
        segmentBytes,
        checkpointJournalBytes,
        checkpointIntervalMs,
        keepJournal,
        clockMs,
        background,
        memtableBytes,
        keptCheckpoints);
  }

  /** With other memory budgets: hot tier and block cache. */
  public EngineConfig withMemory(long hotBytes, long cacheBytes) {
    return new EngineConfig(
        directory,
        tasks,
        appendfsync,
        hotBytes,
        cacheBytes,
        segmentBytes,
        checkpointJournalBytes,
        checkpointIntervalMs,
        keepJournal,
        clockMs,
        background,
        memtableBytes,
        keptCheckpoints);
  }

  /** With another segment size and checkpoint triggers. */
  public EngineConfig withCheckpoints(long segment, long journalBytes, long intervalMs) {
    return new EngineConfig(
        directory,
        tasks,
        appendfsync,
        hotMemoryBytes,
        blockCacheBytes,
        segment,
        journalBytes,
        intervalMs,
        keepJournal,
        clockMs,
        background,
        memtableBytes,
        keptCheckpoints);
  }

  /** Keeping the whole journal, or not. */
  public EngineConfig withKeepJournal(boolean value) {
    return new EngineConfig(
        directory,
        tasks,
        appendfsync,
        hotMemoryBytes,
        blockCacheBytes,
        segmentBytes,
        checkpointJournalBytes,
        checkpointIntervalMs,
        value,
        clockMs,
        background,
        memtableBytes,
        keptCheckpoints);
  }

  /** With another wall clock. */
  public EngineConfig withClock(LongSupplier value) {
    return new EngineConfig(
        directory,
        tasks,
        appendfsync,
        hotMemoryBytes,
        blockCacheBytes,
        segmentBytes,
        checkpointJournalBytes,
        checkpointIntervalMs,
        keepJournal,
        value,
        background,
        memtableBytes,
        keptCheckpoints);
  }

  /** With or without threads of its own. */
  public EngineConfig withBackground(boolean value) {
    return new EngineConfig(
        directory,
        tasks,
        appendfsync,
        hotMemoryBytes,
        blockCacheBytes,
        segmentBytes,
        checkpointJournalBytes,
        checkpointIntervalMs,
        keepJournal,
        clockMs,
        value,
        memtableBytes,
        keptCheckpoints);
  }

  /** With another size of the cold tier's memtables. */
  public EngineConfig withMemtable(long value) {
    return new EngineConfig(
        directory,
        tasks,
        appendfsync,
        hotMemoryBytes,
        blockCacheBytes,
        segmentBytes,
        checkpointJournalBytes,
        checkpointIntervalMs,
        keepJournal,
        clockMs,
        background,
        value,
        keptCheckpoints);
  }

  /** Keeping the newest checkpoints to refold from; 0 keeps none. */
  public EngineConfig withKeptCheckpoints(int value) {
    return new EngineConfig(
        directory,
        tasks,
        appendfsync,
        hotMemoryBytes,
        blockCacheBytes,
        segmentBytes,
        checkpointJournalBytes,
        checkpointIntervalMs,
        keepJournal,
        clockMs,
        background,
        memtableBytes,
        value);
  }
}
