/** The engine: journal, depots, tasks, topologies, pstates, paths and queries. */
@NullMarked
package io.millrace.engine;

import org.jspecify.annotations.NullMarked;
