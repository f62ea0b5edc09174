package io.millrace.engine.internal.runtime;

/** A record that a fold wants appended. The body is a copy. */
record Emission(int depotId, int partition, int typeId, int version, byte[] body, Cause cause) {}
