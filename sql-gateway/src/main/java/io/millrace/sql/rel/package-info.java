/** The PSTATE convention: relational nodes, the rules that lead to them, and their plan nodes. */
@NullMarked
package io.millrace.sql.rel;

import org.jspecify.annotations.NullMarked;
