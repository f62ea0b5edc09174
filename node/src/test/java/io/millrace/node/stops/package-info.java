/** Stopped topologies at every door. */
@NullMarked
package io.millrace.node.stops;

import org.jspecify.annotations.NullMarked;
