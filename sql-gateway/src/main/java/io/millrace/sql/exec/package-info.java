/**
 * Our own executor: plan nodes, the batch operators they open, and what operators may be asked for
 * beside rows. {@code scan} and {@code hash} build on this room, which knows neither.
 */
@NullMarked
package io.millrace.sql.exec;

import org.jspecify.annotations.NullMarked;
