/** Health and metrics. */
@NullMarked
package io.millrace.http.metrics;

import org.jspecify.annotations.NullMarked;
