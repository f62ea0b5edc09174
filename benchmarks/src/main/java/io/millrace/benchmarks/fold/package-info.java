/** Costs of events and folds. */
@NullMarked
package io.millrace.benchmarks.fold;

import org.jspecify.annotations.NullMarked;
