/** Commands about the server. */
@NullMarked
package io.millrace.resp.command.server;

import org.jspecify.annotations.NullMarked;
