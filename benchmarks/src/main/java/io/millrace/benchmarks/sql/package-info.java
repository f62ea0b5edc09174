/** SQL door: plan cache and scans over encoded pages. */
@NullMarked
package io.millrace.benchmarks.sql;

import org.jspecify.annotations.NullMarked;
