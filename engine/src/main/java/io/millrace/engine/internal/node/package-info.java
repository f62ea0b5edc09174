/**
 * A process on its data directory: opening it, checkpoints, the watch over the disk, the stop, and
 * refolds of a stopped directory.
 *
 * <p>Neighbours: {@code internal.runtime} is what it opens; {@code io.millrace.engine.Engine} is
 * its public face.
 */
@NullMarked
package io.millrace.engine.internal.node;

import org.jspecify.annotations.NullMarked;
