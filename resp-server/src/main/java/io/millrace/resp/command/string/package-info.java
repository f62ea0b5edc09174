/** String commands. */
@NullMarked
package io.millrace.resp.command.string;

import org.jspecify.annotations.NullMarked;
