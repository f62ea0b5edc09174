/** Benchmarks beside real peers. */
@NullMarked
package io.millrace.benchmarks;

import org.jspecify.annotations.NullMarked;
