/** Tests of what handlers share. */
@NullMarked
package io.millrace.resp.command.args;

import org.jspecify.annotations.NullMarked;
