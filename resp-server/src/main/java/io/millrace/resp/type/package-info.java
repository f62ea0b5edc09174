/** Layouts of the data types in the keyspace. */
@NullMarked
package io.millrace.resp.type;

import org.jspecify.annotations.NullMarked;
