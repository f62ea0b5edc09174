/** Tests of what derives from the declarations. */
@NullMarked
package io.millrace.resp.command;

import org.jspecify.annotations.NullMarked;
