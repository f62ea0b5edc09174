/** Topologies: code that folds depots into pstates. */
@NullMarked
package io.millrace.engine.topology;

import org.jspecify.annotations.NullMarked;
