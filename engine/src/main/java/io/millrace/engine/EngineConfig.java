package io.millrace.engine;

import io.millrace.engine.internal.guard.FoldLimits;
import io.millrace.engine.internal.log.FsyncMode;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * How an engine is kept. Immutable; change by the {@code with} methods.
 *
 * @param directory data directory; made when absent
 * @param tasks number of tasks P, a power of two from 1 to 16384, fixed when the directory is made
 * @param appendfsync {@code always}, {@code everysec} or {@code no}
 * @param memory budgets of the store
 * @param checkpoints when checkpoints are made and what is kept behind them
 * @param clockMs wall clock in ms since the epoch
 * @param background whether the engine runs its own checkpoint and housekeeping threads; without
 *     them the owner calls {@link Engine#checkpoint} and {@link Engine#housekeep}
 * @param retired what the directory gives up at its next opening: names of absent modules, or
 *     {@code module/name} of what a present one does not declare any more
 * @param folds what the code of topologies may take
 */
public record EngineConfig(
    Path directory,
    int tasks,
    FsyncPolicy appendfsync,
    Memory memory,
    Checkpoints checkpoints,
    LongSupplier clockMs,
    boolean background,
    Set<String> retired,
    Folds folds) {

  /**
   * Budgets of the store.
   *
   * @param hotBytes budget of the hot tier, at least 1 MiB
   * @param blockCacheBytes budget of the cold tier's block cache
   * @param memtableBytes size of the cold tier's memtables
   */
  public record Memory(long hotBytes, long blockCacheBytes, long memtableBytes) {
    /** Checks the values. */
    public Memory {
      if (hotBytes < 1 << 20) {
        throw new IllegalArgumentException("hot-memory must be at least 1mb: hotBytes=" + hotBytes);
      }
    }
  }

  /**
   * When checkpoints are made and what is kept behind them.
   *
   * @param segmentBytes size of a journal segment
   * @param journalBytes journal growth that starts a checkpoint
   * @param intervalMs time that starts a checkpoint when anything changed
   * @param keepJournal move journal segments that are no longer needed to the archive instead of
   *     deleting them (refold from zero)
   * @param kept how many checkpoints are kept beside the newest state, to refold from
   */
  public record Checkpoints(
      long segmentBytes, long journalBytes, long intervalMs, boolean keepJournal, int kept) {
    /** Checks the values. */
    public Checkpoints {
      if (kept < 0) {
        throw new IllegalArgumentException("kept checkpoints must not be negative: kept=" + kept);
      }
    }
  }

  /**
   * What the code of topologies may take before the topology is stopped at the event.
   *
   * @param maxEvents stages and events that one event may lead to, at least 1
   * @param maxTimeMs processor time of one stage in ms, at least 1; ten times as much by the clock
   * @param maxBytes bytes that one stage may allocate; 0 is half of the heap, at least 64 MiB
   */
  public record Folds(long maxEvents, long maxTimeMs, long maxBytes) {
    /** Checks the values. */
    public Folds {
      if (maxEvents < 1 || maxTimeMs < 1 || maxBytes < 0) {
        throw new IllegalArgumentException(
            "limits of folds must be positive: maxEvents="
                + maxEvents
                + " maxTimeMs="
                + maxTimeMs
                + " maxBytes="
                + maxBytes);
      }
    }

    FoldLimits limits(boolean pauses) {
      return new FoldLimits(
          maxEvents, maxTimeMs, maxBytes == 0 ? FoldLimits.halfOfHeap() : maxBytes, pauses);
    }
  }

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
  }

  /** Defaults in a directory: 64 tasks, everysec, 1 GiB of hot tier, 60 s between checkpoints. */
  public static EngineConfig in(Path directory) {
    return new EngineConfig(
        directory,
        64,
        FsyncPolicy.EVERYSEC,
        new Memory(1L << 30, 64L << 20, 64L << 20),
        new Checkpoints(64L << 20, 256L << 20, 60_000, false, 0),
        System::currentTimeMillis,
        true,
        Set.of(),
        new Folds(100_000, 1_000, 0));
  }

  /** With another number of tasks. */
  public EngineConfig withTasks(int value) {
    return new EngineConfig(
        directory, value, appendfsync, memory, checkpoints, clockMs, background, retired, folds);
  }

  /** With another fsync policy. */
  public EngineConfig withAppendfsync(FsyncPolicy value) {
    return new EngineConfig(
        directory, tasks, value, memory, checkpoints, clockMs, background, retired, folds);
  }

  private EngineConfig with(Memory value) {
    return new EngineConfig(
        directory, tasks, appendfsync, value, checkpoints, clockMs, background, retired, folds);
  }

  private EngineConfig with(Checkpoints value) {
    return new EngineConfig(
        directory, tasks, appendfsync, memory, value, clockMs, background, retired, folds);
  }

  /** With other memory budgets: hot tier and block cache. */
  public EngineConfig withMemory(long hotBytes, long cacheBytes) {
    return with(new Memory(hotBytes, cacheBytes, memory.memtableBytes));
  }

  /** With another size of the cold tier's memtables. */
  public EngineConfig withMemtable(long value) {
    return with(new Memory(memory.hotBytes, memory.blockCacheBytes, value));
  }

  /** With another segment size and checkpoint triggers. */
  public EngineConfig withCheckpoints(long segment, long journalBytes, long intervalMs) {
    var c = checkpoints;
    return with(new Checkpoints(segment, journalBytes, intervalMs, c.keepJournal, c.kept));
  }

  /** Keeping the whole journal, or not. */
  public EngineConfig withKeepJournal(boolean value) {
    var c = checkpoints;
    return with(new Checkpoints(c.segmentBytes, c.journalBytes, c.intervalMs, value, c.kept));
  }

  /** Keeping the newest checkpoints to refold from; 0 keeps none. */
  public EngineConfig withKeptCheckpoints(int value) {
    var c = checkpoints;
    return with(
        new Checkpoints(c.segmentBytes, c.journalBytes, c.intervalMs, c.keepJournal, value));
  }

  /** With another wall clock. */
  public EngineConfig withClock(LongSupplier value) {
    return new EngineConfig(
        directory, tasks, appendfsync, memory, checkpoints, value, background, retired, folds);
  }

  /** Giving up what is named; see {@link #retired}. */
  public EngineConfig withRetired(Set<String> value) {
    return new EngineConfig(
        directory,
        tasks,
        appendfsync,
        memory,
        checkpoints,
        clockMs,
        background,
        Set.copyOf(value),
        folds);
  }

  /** With or without threads of its own. */
  public EngineConfig withBackground(boolean value) {
    return new EngineConfig(
        directory, tasks, appendfsync, memory, checkpoints, clockMs, value, retired, folds);
  }

  /** With other limits for the code of topologies. */
  public EngineConfig withFolds(Folds value) {
    return new EngineConfig(
        directory, tasks, appendfsync, memory, checkpoints, clockMs, background, retired, value);
  }
}
