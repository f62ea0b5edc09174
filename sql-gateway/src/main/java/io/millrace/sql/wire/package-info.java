/** PostgreSQL protocol version 3 on Netty. */
@NullMarked
package io.millrace.sql.wire;

import org.jspecify.annotations.NullMarked;
