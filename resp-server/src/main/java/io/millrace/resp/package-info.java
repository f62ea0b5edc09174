/** The RESP door and the keyspace module. */
@NullMarked
package io.millrace.resp;

import org.jspecify.annotations.NullMarked;
