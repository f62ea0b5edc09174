/** Depots and pstates of modules over the Redis protocol. */
@NullMarked
package io.millrace.resp.command.depot;

import org.jspecify.annotations.NullMarked;
