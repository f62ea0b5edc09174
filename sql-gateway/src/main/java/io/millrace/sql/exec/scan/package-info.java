/**
 * Reading tables: the scan node, its operators over packed pages, and the bounds and conditions
 * they judge on encoded rows. Builds on {@code exec}; the planner makes the nodes.
 */
@NullMarked
package io.millrace.sql.exec.scan;

import org.jspecify.annotations.NullMarked;
