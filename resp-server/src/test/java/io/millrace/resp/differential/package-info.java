/**
 * Random command sequences sent to a real {@code redis-server} and to Millrace; the replies must be
 * the same, but for a written list of differences.
 */
@NullMarked
package io.millrace.resp.differential;

import org.jspecify.annotations.NullMarked;
