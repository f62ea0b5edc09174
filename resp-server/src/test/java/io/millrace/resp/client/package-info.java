/** Stock clients and raw sockets against a node. */
@NullMarked
package io.millrace.resp.client;

import org.jspecify.annotations.NullMarked;
