/** The HTTP door: event ingest, path reads, health and metrics. */
@NullMarked
package io.millrace.http;

import org.jspecify.annotations.NullMarked;
