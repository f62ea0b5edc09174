/** Commands about the connection. */
@NullMarked
package io.millrace.resp.command.connection;

import org.jspecify.annotations.NullMarked;
