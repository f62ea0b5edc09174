/** Our own executor: plan nodes and the batch operators they open. */
@NullMarked
package io.millrace.sql.exec;

import org.jspecify.annotations.NullMarked;
