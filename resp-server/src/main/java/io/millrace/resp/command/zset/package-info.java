/** Commands of sorted sets, the waiting ones included. */
@NullMarked
package io.millrace.resp.command.zset;

import org.jspecify.annotations.NullMarked;
