/** Tests of the SQL door against real clients and a reference engine. */
package io.millrace.sql;
