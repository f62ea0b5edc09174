/** Virtual tables: pg_catalog and information_schema. */
@NullMarked
package io.millrace.sql.catalog;

import org.jspecify.annotations.NullMarked;
