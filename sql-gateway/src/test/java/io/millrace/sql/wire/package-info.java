/** Tests of the protocol without a socket. */
package io.millrace.sql.wire;
