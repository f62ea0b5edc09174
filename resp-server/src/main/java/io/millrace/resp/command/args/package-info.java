/**
 * Helpers that handlers share for reading their arguments and writing scans and help. Stands on the
 * dispatch; nothing there knows it.
 */
@NullMarked
package io.millrace.resp.command.args;

import org.jspecify.annotations.NullMarked;
