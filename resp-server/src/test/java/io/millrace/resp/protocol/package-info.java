/** Tests of the wire format. */
@NullMarked
package io.millrace.resp.protocol;

import org.jspecify.annotations.NullMarked;
