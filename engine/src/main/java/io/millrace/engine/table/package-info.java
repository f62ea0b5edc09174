/** State as tables with typed columns, read at a snapshot: what SQL scans. */
@NullMarked
package io.millrace.engine.table;

import org.jspecify.annotations.NullMarked;
