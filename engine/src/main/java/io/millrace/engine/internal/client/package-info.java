/** Depots, pstates and topologies as doors and embedders use them, and the tables of sys. */
@NullMarked
package io.millrace.engine.internal.client;

import org.jspecify.annotations.NullMarked;
