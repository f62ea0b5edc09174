/** Commands of lists, the waiting ones included. */
@NullMarked
package io.millrace.resp.command.list;

import org.jspecify.annotations.NullMarked;
