package io.millrace.resp.keyspace;

import io.millrace.engine.state.Execution;

/** Executes a logged command again. Implemented by the command layer. */
@FunctionalInterface
public interface RecordReplayer {
  /**
   * Executes all RESP arrays of a range of bytes in one execution.
   *
   * @param database number of the database of a single command, or -1 when each array has its
   *     database in a byte in front
   */
  void replay(int database, byte[] array, int offset, int length, Execution execution);
}
