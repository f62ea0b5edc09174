/** The keyspace module: sixteen databases over task state, expiry, records and their replay. */
@NullMarked
package io.millrace.resp.keyspace;

import org.jspecify.annotations.NullMarked;
