package io.millrace.engine.event;

import io.millrace.engine.table.ColumnType;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Components of events as columns of a table. */
final class Columns {
  private Columns() {}

  static ColumnType type(Shape shape) {
    return switch (shape) {
      case Shape.One one ->
          switch (one) {
            case LONG -> ColumnType.LONG;
            case INT, SHORT, BYTE -> ColumnType.INT;
            case DOUBLE, FLOAT, DECIMAL -> ColumnType.DOUBLE;
            case BOOLEAN -> ColumnType.BOOLEAN;
            case STRING, UUID -> ColumnType.TEXT;
            case BYTES -> ColumnType.BYTES;
            case INSTANT -> ColumnType.TIMESTAMP;
          };
      case Shape.Choice _ -> ColumnType.TEXT;
      case Shape.Many _, Shape.Table _, RecordShape _ -> ColumnType.JSON;
    };
  }

  static @Nullable Object carrier(Shape shape, @Nullable Object value) {
    if (value == null) {
      return null;
    }
    return switch (shape) {
      case Shape.One one ->
          switch (one) {
            case LONG, INT, DOUBLE, BOOLEAN, STRING, BYTES -> value;
            case SHORT, BYTE -> ((Number) value).intValue();
            case FLOAT -> ((Float) value).doubleValue();
            case DECIMAL -> ((BigDecimal) value).doubleValue();
            case UUID -> value.toString();
            case INSTANT -> milliseconds((Instant) value);
          };
      case Shape.Choice _ -> ((Enum<?>) value).name();
      case Shape.Many _, Shape.Table _, RecordShape _ -> JsonEvents.text(shape, value);
    };
  }

  /** Events from before instants were limited may hold one that has no number of milliseconds. */
  private static long milliseconds(Instant at) {
    var limited =
        at.isBefore(EventRules.MIN_INSTANT)
            ? EventRules.MIN_INSTANT
            : at.isBefore(EventRules.END_INSTANT) ? at : EventRules.END_INSTANT;
    return limited.toEpochMilli();
  }
}
