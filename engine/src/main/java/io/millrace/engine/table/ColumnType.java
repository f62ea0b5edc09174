package io.millrace.engine.table;

/** Column types of tables; the door maps them to SQL types. Java carrier in parentheses. */
public enum ColumnType {
  /** boolean (Boolean). */
  BOOLEAN,
  /** int4 (Integer). */
  INT,
  /** int8 (Long). */
  LONG,
  /** float8 (Double). */
  DOUBLE,
  /** text (String). */
  TEXT,
  /** bytea (byte[]). */
  BYTES,
  /** timestamptz, ms since the epoch (Long). */
  TIMESTAMP,
  /** nested value as JSON text (String). */
  JSON
}
