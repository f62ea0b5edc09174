/** The engine behind the door: appends in turns of the door's lane, reads by path. */
@NullMarked
package io.millrace.http.backend;

import org.jspecify.annotations.NullMarked;
