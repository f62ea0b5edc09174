package io.millrace.engine.internal.runtime;

import io.millrace.engine.internal.guard.EventTree;

/**
 * A record that a fold wants appended.
 *
 * @param body a copy
 * @param tree what it belongs to
 */
record Emission(
    int depotId, int partition, int typeId, int version, byte[] body, Cause cause, EventTree tree) {
  /** The same, caused by a record of another offset. */
  Emission causedBy(long offset) {
    Cause moved = new Cause(cause.task(), cause.depotId(), offset, cause.ordinal());
    return new Emission(depotId, partition, typeId, version, body, moved, tree);
  }
}
