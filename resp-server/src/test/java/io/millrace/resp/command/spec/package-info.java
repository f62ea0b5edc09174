/** Tests of what derives from the declarations. */
@NullMarked
package io.millrace.resp.command.spec;

import org.jspecify.annotations.NullMarked;
