/** State out: reads by path. */
@NullMarked
package io.millrace.http.query;

import org.jspecify.annotations.NullMarked;
