/** Commands of sets. */
@NullMarked
package io.millrace.resp.command.set;

import org.jspecify.annotations.NullMarked;
