package io.millrace.engine.state;

/** How the entries of a space are ordered for scans, in memory and on disk. */
public enum SpaceOrder {
  /** By the unsigned 64-bit hash, then by key bytes: scan cursors are numbers. */
  HASH,
  /** By key bytes, unsigned: pages of one tree lie together. No hash scans in memory. */
  KEY
}
