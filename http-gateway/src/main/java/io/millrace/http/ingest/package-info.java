/** Events in: one JSON object, or many as NDJSON. */
@NullMarked
package io.millrace.http.ingest;

import org.jspecify.annotations.NullMarked;
