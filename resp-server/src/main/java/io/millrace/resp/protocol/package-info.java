/** The wire: request decoder, arguments, reply encoder, number formats. Knows no command. */
@NullMarked
package io.millrace.resp.protocol;

import org.jspecify.annotations.NullMarked;
