/** What is deployed: modules that declare depots, topologies, pstates and queries. */
@NullMarked
package io.millrace.engine.module;

import org.jspecify.annotations.NullMarked;
