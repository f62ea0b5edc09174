/** Benchmarks of task state: page trees. */
@NullMarked
package io.millrace.benchmarks.state;

import org.jspecify.annotations.NullMarked;
