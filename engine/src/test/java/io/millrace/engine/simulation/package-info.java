/** A whole node on simulated disks, stepped by a seed: power cuts and the order of a turn. */
@NullMarked
package io.millrace.engine.simulation;

import org.jspecify.annotations.NullMarked;
