/** Tests of the lexer and the rewrites before Calcite. */
package io.millrace.sql.parse;
