/** Hostile values through every door, and hostile load on a real server in a memory group. */
@NullMarked
package io.millrace.node.hostile;

import org.jspecify.annotations.NullMarked;
