/** Costs of the journal. */
@NullMarked
package io.millrace.benchmarks.log;

import org.jspecify.annotations.NullMarked;
