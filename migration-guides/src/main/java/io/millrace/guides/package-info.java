/** Samples of the migration guides; each runs as a test. */
@NullMarked
package io.millrace.guides;

import org.jspecify.annotations.NullMarked;
