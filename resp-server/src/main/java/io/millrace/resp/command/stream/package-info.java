/** Commands of streams. */
@NullMarked
package io.millrace.resp.command.stream;

import org.jspecify.annotations.NullMarked;
