package io.millrace.engine.internal.runtime;

/**
 * Names the record whose fold appended another record, so that replay does not append it twice.
 *
 * @param task task (partition) of the causing record
 * @param depotId depot of the causing record
 * @param offset offset of the causing record
 * @param ordinal running number of the append within that fold
 */
public record Cause(int task, int depotId, long offset, int ordinal) {}
