/** One statement at work: snapshot, parameters, cancel, memory and time limits. */
@NullMarked
package io.millrace.sql.run;

import org.jspecify.annotations.NullMarked;
