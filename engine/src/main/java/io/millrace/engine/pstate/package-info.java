/** Partitioned state: schemas, clients, and point reads. */
@NullMarked
package io.millrace.engine.pstate;

import org.jspecify.annotations.NullMarked;
