/** Depots: named append-only logs of events, cut into partitions. */
@NullMarked
package io.millrace.engine.depot;

import org.jspecify.annotations.NullMarked;
