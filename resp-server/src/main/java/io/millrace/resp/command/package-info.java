/** Command specifications, lookup, dispatch and the context a handler runs in. */
@NullMarked
package io.millrace.resp.command;

import org.jspecify.annotations.NullMarked;
