package io.millrace.sql.types;

import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Text form of values: PostgreSQL's spelling both ways. */
public final class PgText {
  private static final HexFormat HEX = HexFormat.of();

  private PgText() {}

  /** Text of a value that is not null. */
  public static String format(PgType type, Object value, ZoneId zone) {
    return switch (type) {
      case BOOL -> ((Boolean) value) ? "t" : "f";
      case TIMESTAMPTZ -> PgDateTime.timestamptz(((Number) value).longValue(), zone);
      case TIMESTAMP -> PgDateTime.timestamp(((Number) value).longValue());
      case DATE -> PgDateTime.date(((Number) value).intValue());
      case TIME -> PgDateTime.time(((Number) value).intValue());
      case BYTEA -> bytea((byte[]) value);
      case FLOAT4 -> float4(((Number) value).floatValue());
      case FLOAT8 -> float8(((Number) value).doubleValue());
      default -> plain(value);
    };
  }

  private static String plain(Object value) {
    return switch (value) {
      case BigDecimal number -> number.toPlainString();
      case byte[] bytes -> bytea(bytes);
      case Double number -> float8(number);
      default -> value.toString();
    };
  }

  /** Text of an array: elements that could be misread stand in quotes. */
  public static String array(List<?> elements) {
    return elements.stream().map(PgText::element).collect(Collectors.joining(",", "{", "}"));
  }

  private static String element(@Nullable Object value) {
    if (value == null) {
      return "NULL";
    }
    if (value instanceof List<?> inner) {
      return array(inner);
    }
    var text = plain(value);
    return text.isEmpty()
            || text.equalsIgnoreCase("null")
            || text.chars().anyMatch(c -> c <= ' ' || "{},\"\\".indexOf(c) >= 0)
        ? '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"'
        : text;
  }

  /** Shortest text that reads back as the same double. */
  public static String float8(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "Infinity" : "-Infinity";
    }
    return shortest(Double.toString(value), 15);
  }

  private static String float4(float value) {
    if (Float.isNaN(value) || Float.isInfinite(value)) {
      return float8(value);
    }
    return shortest(Float.toString(value), 6);
  }

  private static String shortest(String javaText, int plainDigits) {
    var number = new BigDecimal(javaText).stripTrailingZeros();
    var exponent = number.precision() - number.scale() - 1;
    if (number.signum() == 0) {
      return javaText.startsWith("-") ? "-0" : "0";
    }
    if (exponent >= -5 && exponent < plainDigits) {
      return number.toPlainString();
    }
    var digits = number.unscaledValue().abs().toString();
    var text = new StringBuilder(digits.length() + 8);
    text.append(number.signum() < 0 ? "-" : "").append(digits.charAt(0));
    if (digits.length() > 1) {
      text.append('.').append(digits, 1, digits.length());
    }
    text.append('e').append(exponent < 0 ? '-' : '+');
    return text.append(Math.abs(exponent) < 10 ? "0" : "").append(Math.abs(exponent)).toString();
  }

  private static String bytea(byte[] bytes) {
    return "\\x" + HEX.formatHex(bytes);
  }

  /** Reads a value from text. */
  public static Object parse(PgType type, String text, ZoneId zone) {
    if (type.element() != null) {
      PgArray.elements(text);
    }
    return switch (type) {
      case BOOL -> parseBool(text);
      case INT2, INT4 -> (int) parseLong(type, text);
      case INT8, OID -> parseLong(type, text);
      case FLOAT4, FLOAT8 -> parseDouble(text);
      case NUMERIC -> parseNumeric(text);
      case BYTEA -> parseBytea(text);
      case TIMESTAMP -> PgDateTime.parseTimestamp(text, java.time.ZoneOffset.UTC);
      case TIMESTAMPTZ -> PgDateTime.parseTimestamp(text, zone);
      case DATE -> PgDateTime.parseDate(text);
      case TIME -> PgDateTime.parseTime(text);
      default -> text;
    };
  }

  /** Reads a boolean in any of PostgreSQL's spellings. */
  public static Boolean parseBool(String text) {
    return switch (text.trim().toLowerCase(Locale.ROOT)) {
      case "t", "true", "yes", "on", "1", "y", "tr", "tru" -> true;
      case "f", "false", "no", "off", "0", "n", "fa", "fal", "fals", "of" -> false;
      default -> throw SqlProblem.badText("boolean", text);
    };
  }

  /** Reads an integer of a type's range. */
  public static long parseLong(PgType type, String text) {
    try {
      var value = Long.parseLong(text.trim());
      if ((type == PgType.INT4 && (int) value != value)
          || (type == PgType.INT2 && (short) value != value)) {
        throw outOfRange(type, text);
      }
      return value;
    } catch (NumberFormatException notLong) {
      if (text.trim().matches("[+-]?\\d+")) {
        throw outOfRange(type, text);
      }
      throw SqlProblem.badText(type.sqlName(), text);
    }
  }

  private static SqlProblem outOfRange(PgType type, String text) {
    return new SqlProblem(
        SqlState.NUMERIC_OUT_OF_RANGE,
        "value \"" + text + "\" is out of range for type " + type.sqlName());
  }

  /** Reads a double, infinities and NaN included. */
  public static Double parseDouble(String text) {
    try {
      return switch (text.trim().toLowerCase(Locale.ROOT)) {
        case "nan" -> Double.NaN;
        case "infinity", "inf", "+infinity" -> Double.POSITIVE_INFINITY;
        case "-infinity", "-inf" -> Double.NEGATIVE_INFINITY;
        default -> Double.valueOf(text.trim());
      };
    } catch (NumberFormatException notDouble) {
      throw SqlProblem.badText("double precision", text);
    }
  }

  /** Reads an exact number of sane size. */
  public static BigDecimal parseNumeric(String text) {
    try {
      var number = new BigDecimal(text.trim());
      if (Math.abs((long) number.scale()) > 16_383 || number.precision() > 131_072) {
        throw outOfRange(PgType.NUMERIC, text);
      }
      return number;
    } catch (NumberFormatException notNumber) {
      throw SqlProblem.badText("numeric", text);
    }
  }

  private static byte[] parseBytea(String text) {
    if (!text.startsWith("\\x")) {
      return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }
    try {
      return HEX.parseHex(text, 2, text.length());
    } catch (IllegalArgumentException notHex) {
      throw SqlProblem.badText("bytea", text);
    }
  }
}
