package io.millrace.sql.expr;

import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import io.millrace.sql.types.PgDateTime;
import io.millrace.sql.types.PgText;
import io.millrace.sql.types.PgType;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.ZoneOffset;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.type.SqlTypeName;

/** CAST between the door's carriers. */
public final class Casts {
  private static final long DAY_MS = 86_400_000L;

  private Casts() {}

  /** Casts a value that is not null. */
  public static Object cast(Object value, RelDataType from, RelDataType to) {
    return switch (to.getSqlTypeName()) {
      case BOOLEAN -> toBoolean(value);
      case TINYINT, SMALLINT -> Math.toIntExact(whole(value, PgType.INT2));
      case INTEGER -> Math.toIntExact(whole(value, PgType.INT4));
      case BIGINT -> whole(value, PgType.INT8);
      case REAL, FLOAT, DOUBLE -> toDouble(value);
      case DECIMAL -> toDecimal(value, to);
      case CHAR, VARCHAR -> toText(value, from, to);
      case BINARY, VARBINARY ->
          value instanceof String text ? PgText.parse(PgType.BYTEA, text, ZoneOffset.UTC) : value;
      case TIMESTAMP, TIMESTAMP_WITH_LOCAL_TIME_ZONE -> toTimestamp(value, from);
      case DATE -> toDate(value, from);
      case TIME -> toTime(value, from);
      default -> value;
    };
  }

  private static Boolean toBoolean(Object value) {
    return switch (value) {
      case Boolean same -> same;
      case String text -> PgText.parseBool(text);
      default -> ((Number) value).doubleValue() != 0;
    };
  }

  /** A whole number within a type's range; fractions round half away from zero as in PostgreSQL. */
  public static long whole(Object value, PgType type) {
    var number =
        switch (value) {
          case String text -> PgText.parseLong(type, text);
          case Boolean flag -> flag ? 1L : 0L;
          case Double real -> wholeOf(real, type);
          case BigDecimal exact -> wholeOf(exact, type);
          default -> ((Number) value).longValue();
        };
    if ((type == PgType.INT4 && (int) number != number)
        || (type == PgType.INT2 && (short) number != number)) {
      throw outOfRange(type);
    }
    return number;
  }

  private static long wholeOf(double real, PgType type) {
    var rounded = Math.rint(real);
    if (!(rounded >= -0x1p63 && rounded < 0x1p63)) {
      throw outOfRange(type);
    }
    return (long) rounded;
  }

  private static long wholeOf(BigDecimal exact, PgType type) {
    try {
      return exact.setScale(0, RoundingMode.HALF_UP).longValueExact();
    } catch (ArithmeticException tooLarge) {
      throw outOfRange(type);
    }
  }

  private static SqlProblem outOfRange(PgType type) {
    return new SqlProblem(SqlState.NUMERIC_OUT_OF_RANGE, type.sqlName() + " out of range");
  }

  private static Double toDouble(Object value) {
    return value instanceof String text
        ? PgText.parseDouble(text)
        : value instanceof Boolean flag ? (flag ? 1.0 : 0.0) : ((Number) value).doubleValue();
  }

  private static BigDecimal toDecimal(Object value, RelDataType to) {
    var number =
        value instanceof String text ? PgText.parseNumeric(text) : SqlValues.decimal(value);
    var scaled =
        to.getScale() != RelDataType.SCALE_NOT_SPECIFIED && to.getPrecision() < 100
            ? number.setScale(to.getScale(), RoundingMode.HALF_UP)
            : number;
    if (scaled.precision() - scaled.scale() > to.getPrecision() - Math.max(0, to.getScale())
        && to.getPrecision() < 100) {
      throw new SqlProblem(SqlState.NUMERIC_OUT_OF_RANGE, "numeric field overflow");
    }
    return scaled;
  }

  private static String toText(Object value, RelDataType from, RelDataType to) {
    var text = text(value, from);
    var limit = to.getPrecision();
    return limit > 0 && limit != RelDataType.PRECISION_NOT_SPECIFIED && text.length() > limit
        ? text.substring(0, limit)
        : text;
  }

  /** Text of a value as a cast to text gives it. */
  public static String text(Object value, RelDataType from) {
    if (value instanceof String text) {
      return text;
    }
    if (value instanceof Boolean flag) {
      return flag ? "true" : "false";
    }
    return PgText.format(PgTypes.of(from), value, ZoneOffset.UTC);
  }

  private static Long toTimestamp(Object value, RelDataType from) {
    if (value instanceof String text) {
      return PgDateTime.parseTimestamp(text, ZoneOffset.UTC);
    }
    var number = ((Number) value).longValue();
    return from.getSqlTypeName() == SqlTypeName.DATE ? number * DAY_MS : number;
  }

  private static Integer toDate(Object value, RelDataType from) {
    if (value instanceof String text) {
      return PgDateTime.parseDate(text);
    }
    var number = ((Number) value).longValue();
    return (int)
        (from.getSqlTypeName() == SqlTypeName.DATE ? number : Math.floorDiv(number, DAY_MS));
  }

  private static Integer toTime(Object value, RelDataType from) {
    if (value instanceof String text) {
      return PgDateTime.parseTime(text);
    }
    var number = ((Number) value).longValue();
    return (int)
        (from.getSqlTypeName() == SqlTypeName.TIME ? number : Math.floorMod(number, DAY_MS));
  }
}
