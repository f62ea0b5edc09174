/** Before Calcite: tokens, statement kinds, and the spelling Calcite does not know. */
@NullMarked
package io.millrace.sql.parse;

import org.jspecify.annotations.NullMarked;
