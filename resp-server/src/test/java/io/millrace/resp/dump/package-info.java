/** Tests of dump payloads. */
@NullMarked
package io.millrace.resp.dump;

import org.jspecify.annotations.NullMarked;
