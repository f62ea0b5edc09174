/**
 * Running commands: dispatch, the context a handler runs in, and folding records again.
 * Declarations are in {@code spec}, clients in {@code session}, what they share in {@code server}.
 */
@NullMarked
package io.millrace.resp.command;

import org.jspecify.annotations.NullMarked;
