/** PostgreSQL types: object ids, text and binary forms. */
@NullMarked
package io.millrace.sql.types;

import org.jspecify.annotations.NullMarked;
