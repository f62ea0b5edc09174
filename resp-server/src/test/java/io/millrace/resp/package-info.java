/** Tests of the RESP door against a real engine. */
@NullMarked
package io.millrace.resp;

import org.jspecify.annotations.NullMarked;
