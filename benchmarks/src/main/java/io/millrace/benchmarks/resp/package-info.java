/** Benchmarks of the RESP door. */
@NullMarked
package io.millrace.benchmarks.resp;

import org.jspecify.annotations.NullMarked;
