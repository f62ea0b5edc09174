package io.millrace.engine.depot;

/** What an append waits for. */
public enum AppendAck {
  /** Nothing; the answer acknowledges nothing. */
  NONE,
  /** The event is in the journal and survives as the fsync mode promises. */
  APPENDED,
  /** And the topologies that read the depot have folded it. */
  FOLDED
}
