/** Redis's dump payloads: values as bytes that another server can restore. */
@NullMarked
package io.millrace.resp.dump;

import org.jspecify.annotations.NullMarked;
