/**
 * What commands are, as plain data: names, grammar, flags, keys, and what derives from them. Knows
 * nothing of what runs a command.
 */
@NullMarked
package io.millrace.resp.command.spec;

import org.jspecify.annotations.NullMarked;
