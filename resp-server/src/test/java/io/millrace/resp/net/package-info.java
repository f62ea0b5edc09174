/** Tests of connections with a lane of their own making. */
@NullMarked
package io.millrace.resp.net;

import org.jspecify.annotations.NullMarked;
