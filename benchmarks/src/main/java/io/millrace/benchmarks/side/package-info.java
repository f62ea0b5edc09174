/** Side-by-side harness: Millrace beside a real peer, pinned alike, alternating rounds. */
@NullMarked
package io.millrace.benchmarks.side;

import org.jspecify.annotations.NullMarked;
