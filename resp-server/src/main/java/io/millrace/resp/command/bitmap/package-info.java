/** Bits of strings. */
@NullMarked
package io.millrace.resp.command.bitmap;

import org.jspecify.annotations.NullMarked;
