/**
 * Joining and grouping, with the hash tables and column stores they fill. Builds on {@code exec};
 * what a scan can do for them they ask it through that room's interfaces.
 */
@NullMarked
package io.millrace.sql.exec.hash;

import org.jspecify.annotations.NullMarked;
