package io.millrace.engine.internal.topology;

/**
 * The depot record an event tree grew from.
 *
 * @param depot name of the depot inside the module
 * @param partition its partition
 * @param offset its offset
 * @param timeMs its stamp
 */
record Origin(String depot, int partition, long offset, long timeMs) {}
