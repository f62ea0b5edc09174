package io.millrace.engine.internal.log;

/** When the journal is forced to disk, and what a reply therefore promises. */
public enum FsyncMode {
  /** A reply leaves only after its record is on disk. */
  ALWAYS,
  /** A reply leaves after the kernel has the record; at most 1,000 ms of replies are unsynced. */
  EVERYSEC,
  /** A reply leaves after the kernel has the record; only checkpoints force it to disk. */
  NO
}
