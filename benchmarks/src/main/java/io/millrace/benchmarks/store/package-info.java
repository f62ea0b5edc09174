/** Benchmarks of the tiered store. */
@NullMarked
package io.millrace.benchmarks.store;

import org.jspecify.annotations.NullMarked;
