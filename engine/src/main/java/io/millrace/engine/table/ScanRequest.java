package io.millrace.engine.table;

import org.jspecify.annotations.Nullable;

/**
 * What a scan has to deliver.
 *
 * @param columns indexes of the columns wanted, in the order of the delivered rows
 * @param keyLow lower bounds of a prefix of the key columns, inclusive, or null
 * @param keyHigh upper bounds of a prefix of the key columns, inclusive, or null; equal to {@code
 *     keyLow} for a key get
 */
public record ScanRequest(int[] columns, Object @Nullable [] keyLow, Object @Nullable [] keyHigh) {}
