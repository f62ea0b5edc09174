/** Requests and answers, independent of what they are about. */
@NullMarked
package io.millrace.http.exchange;

import org.jspecify.annotations.NullMarked;
