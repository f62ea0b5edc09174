/** Scalar expressions over rows: compiled once per plan from Calcite's row expressions. */
@NullMarked
package io.millrace.sql.expr;

import org.jspecify.annotations.NullMarked;
