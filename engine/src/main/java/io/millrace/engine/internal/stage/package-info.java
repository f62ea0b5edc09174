/** Compiled topologies: the stages between hops, and how one of them runs. */
@NullMarked
package io.millrace.engine.internal.stage;

import org.jspecify.annotations.NullMarked;
