/** Tests of what an execution needs. */
package io.millrace.sql.run;
