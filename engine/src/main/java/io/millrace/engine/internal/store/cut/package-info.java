/**
 * Sealed states of all tasks: cuts, which become checkpoints in the cold tier, and views, which
 * snapshots read. Lies over {@code hot} and {@code cold}, which do not know it.
 */
@NullMarked
package io.millrace.engine.internal.store.cut;

import org.jspecify.annotations.NullMarked;
