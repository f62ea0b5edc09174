/** Samples of the migration guides, run as tests. */
@NullMarked
package io.millrace.guides;

import org.jspecify.annotations.NullMarked;
