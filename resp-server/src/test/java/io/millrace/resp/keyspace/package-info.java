/** Tests of the keyspace's parts. */
@NullMarked
package io.millrace.resp.keyspace;

import org.jspecify.annotations.NullMarked;
