package io.millrace.engine;

/**
 * Counters of an engine.
 *
 * @param appended end position of what has been executed
 * @param written end position of what the kernel has
 * @param synced end position of what the disk has
 * @param checkpoint position of the last durable cut
 * @param checkpoints checkpoints since the start
 * @param epoch number of this start of the data directory
 * @param diskFull true while the disk is full and replies of writes are held
 * @param flushes flushes of the cold tier since the start
 * @param truncatedSegments journal segments deleted or archived since the start
 * @param checkpointPhase what the checkpoint does now: {@code idle}, {@code sealing}, {@code
 *     syncing}, {@code writing}, {@code keeping} or {@code truncating}
 */
public record EngineStatus(
    long appended,
    long written,
    long synced,
    long checkpoint,
    long checkpoints,
    long epoch,
    boolean diskFull,
    long flushes,
    long truncatedSegments,
    String checkpointPhase) {}
