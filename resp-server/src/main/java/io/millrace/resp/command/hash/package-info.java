/** Hash commands. */
@NullMarked
package io.millrace.resp.command.hash;

import org.jspecify.annotations.NullMarked;
