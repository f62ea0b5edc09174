/** More data than memory: loaded, killed, restarted and checked inside a memory cgroup. */
@NullMarked
package io.millrace.benchmarks.large;

import org.jspecify.annotations.NullMarked;
