package io.millrace.engine.internal.runtime;

/** A record that a fold wants appended. The body is a copy. */
record Emission(int depotId, int partition, int typeId, int version, byte[] body, Cause cause) {
  /** The same, caused by a record of another offset. */
  Emission causedBy(long offset) {
    Cause moved = new Cause(cause.task(), cause.depotId(), offset, cause.ordinal());
    return new Emission(depotId, partition, typeId, version, body, moved);
  }
}
