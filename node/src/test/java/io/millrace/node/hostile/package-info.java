/** Hostile load in a memory group: a real server started by the launcher, clients of all doors. */
@NullMarked
package io.millrace.node.hostile;

import org.jspecify.annotations.NullMarked;
