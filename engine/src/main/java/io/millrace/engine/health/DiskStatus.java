package io.millrace.engine.health;

/**
 * How the disk of a node is doing.
 *
 * @param refusing whether writes are refused for lack of space
 * @param reserveHeld whether the space that the journal keeps back is there, or none is wanted
 * @param freeBytes what the file system has free
 * @param neededBytes what the next checkpoint may need, with a margin
 * @param lastCheckpointMs when the newest checkpoint became durable, by the wall clock; the start
 *     when none was made since
 * @param checkpointRunning whether one is being made
 * @param failedSinceMs when checkpoints began to fail, by the wall clock; 0 while they succeed
 * @param failure why they fail, empty while they succeed
 */
public record DiskStatus(
    boolean refusing,
    boolean reserveHeld,
    long freeBytes,
    long neededBytes,
    long lastCheckpointMs,
    boolean checkpointRunning,
    long failedSinceMs,
    String failure) {
  /** Of a node without a disk. */
  public static final DiskStatus NONE = new DiskStatus(false, true, 0, 0, 0, false, 0, "");
}
