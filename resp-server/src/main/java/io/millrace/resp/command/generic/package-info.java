/** Commands for keys of any type. */
@NullMarked
package io.millrace.resp.command.generic;

import org.jspecify.annotations.NullMarked;
