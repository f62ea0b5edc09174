package io.millrace.engine.internal.plan;

import io.millrace.engine.internal.codec.KeyCodec;
import io.millrace.engine.internal.codec.RowFormat;
import io.millrace.engine.internal.codec.ValueCodec;
import io.millrace.engine.pstate.ListSchema;
import io.millrace.engine.pstate.MapSchema;
import io.millrace.engine.pstate.RecordSchema;
import io.millrace.engine.pstate.Scalar;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.pstate.SetSchema;
import io.millrace.engine.table.ColumnType;

/** Where the value of a column is in the encoded form of a row. */
sealed interface ColumnSource {

  /** Part of the key of a level. */
  record KeyPart(int level, KeyCodec codec, int part, Scalar scalar) implements ColumnSource {}

  /** Position in the list of a level. */
  record Position(int level) implements ColumnSource {}

  /**
   * A field of the value: of the record it is in by path, or the whole value.
   *
   * @param path formats and fields from the row down; one step in most rows
   * @param codec codec of the field
   * @param schema schema of the field
   */
  record Field(Step[] path, ValueCodec codec, Schema schema) implements ColumnSource {}

  /** A step into a record. */
  record Step(RowFormat format, int field) {}

  /** Type of a column for a schema. */
  static ColumnType type(Schema schema) {
    return switch (schema) {
      case Scalar scalar ->
          switch (scalar) {
            case LONG -> ColumnType.LONG;
            case INT -> ColumnType.INT;
            case DOUBLE -> ColumnType.DOUBLE;
            case BOOLEAN -> ColumnType.BOOLEAN;
            case STRING, UUID -> ColumnType.TEXT;
            case BYTES -> ColumnType.BYTES;
            case INSTANT -> ColumnType.TIMESTAMP;
            case ANY -> ColumnType.JSON;
          };
      case MapSchema _, SetSchema _, ListSchema _, RecordSchema _ -> ColumnType.JSON;
    };
  }
}
