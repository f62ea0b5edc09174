/** Benchmarks of paths: reads, folds and page scans of pstates. */
@NullMarked
package io.millrace.benchmarks.path;

import org.jspecify.annotations.NullMarked;
