/**
 * Execution of paths: typed and checked once ({@link PathPlan}), run by the reference interpreter
 * on plain values or by the plan on the trees of a pstate ({@link PStateStore}).
 */
@NullMarked
package io.millrace.engine.internal.plan;

import org.jspecify.annotations.NullMarked;
