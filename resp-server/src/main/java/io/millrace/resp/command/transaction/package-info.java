/** MULTI, EXEC and WATCH. */
@NullMarked
package io.millrace.resp.command.transaction;

import org.jspecify.annotations.NullMarked;
