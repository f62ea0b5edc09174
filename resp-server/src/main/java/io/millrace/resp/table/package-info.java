/** The keyspace as SQL tables, read from snapshots without the execution lock. */
@NullMarked
package io.millrace.resp.table;

import org.jspecify.annotations.NullMarked;
