/** Tests of the keyspace as SQL tables. */
@NullMarked
package io.millrace.resp.table;

import org.jspecify.annotations.NullMarked;
