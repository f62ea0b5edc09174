/** What a statement can fail with: SQLSTATE, position and hint. */
@NullMarked
package io.millrace.sql.error;

import org.jspecify.annotations.NullMarked;
