/** The server on Netty: lanes, turns and connections. */
@NullMarked
package io.millrace.resp.net;

import org.jspecify.annotations.NullMarked;
