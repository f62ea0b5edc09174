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
 */
public record EngineStatus(
    long appended,
    long written,
    long synced,
    long checkpoint,
    long checkpoints,
    long epoch,
    boolean diskFull) {}
