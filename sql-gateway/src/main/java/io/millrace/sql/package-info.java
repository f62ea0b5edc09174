/** The SQL door: planner, operators and the PostgreSQL wire protocol. */
@NullMarked
package io.millrace.sql;

import org.jspecify.annotations.NullMarked;
