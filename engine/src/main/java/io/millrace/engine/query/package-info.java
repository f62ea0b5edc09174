/** What the SQL door sees: tables over pstates, native modules and the system, read at a cut. */
@NullMarked
package io.millrace.engine.query;

import org.jspecify.annotations.NullMarked;
