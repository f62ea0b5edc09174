/** Kill tests: a real server process, real sockets, and an oracle outside of it. */
@NullMarked
package io.millrace.node.crash;

import org.jspecify.annotations.NullMarked;
