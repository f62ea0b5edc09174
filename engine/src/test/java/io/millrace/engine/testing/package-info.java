/** The test kit: a whole engine in process, with a clock and faults in the hands of the test. */
@NullMarked
package io.millrace.engine.testing;

import org.jspecify.annotations.NullMarked;
