package io.millrace.sql.parse;

import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Pattern;

/** PostgreSQL's interval text in Calcite's form: months, or seconds. */
final class Intervals {
  private static final Pattern PART =
      Pattern.compile(
          "([+-]?\\d+(?:\\.\\d+)?)\\s*([a-z]+)|([+-]?)(\\d+):(\\d+)(?::(\\d+(?:\\.\\d+)?))?");

  private static final Pattern TIMESTAMP =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\d( \\d\\d:\\d\\d:\\d\\d(\\.\\d{1,3})?)?");
  private static final Pattern TIME = Pattern.compile("\\d\\d:\\d\\d:\\d\\d");

  private Intervals() {}

  static boolean isUnit(String word) {
    return switch (word) {
      case "year", "month", "day", "hour", "minute", "second", "week", "quarter" -> true;
      default -> false;
    };
  }

  /** True for a moment in a form that Calcite does not take as a literal. */
  static boolean isMoment(SqlToken type, SqlToken literal) {
    if (type.kind() != SqlToken.Kind.WORD) {
      return false;
    }
    return switch (type.text()) {
      case "timestamptz" -> true;
      case "timestamp" -> !TIMESTAMP.matcher(literal.text()).matches();
      case "time" -> !TIME.matcher(literal.text()).matches();
      default -> false;
    };
  }

  static String calcite(SqlToken literal) {
    var text = literal.text().trim().toLowerCase(Locale.ROOT);
    var parts = PART.matcher(text);
    var months = BigDecimal.ZERO;
    var seconds = BigDecimal.ZERO;
    int read = 0;
    while (parts.find()) {
      if (!text.substring(read, parts.start()).isBlank()) {
        throw bad(literal);
      }
      read = parts.end();
      if (parts.group(2) == null) {
        var clock =
            new BigDecimal(parts.group(4))
                .multiply(BigDecimal.valueOf(3600))
                .add(new BigDecimal(parts.group(5)).multiply(BigDecimal.valueOf(60)))
                .add(parts.group(6) == null ? BigDecimal.ZERO : new BigDecimal(parts.group(6)));
        seconds = seconds.add(parts.group(3).equals("-") ? clock.negate() : clock);
        continue;
      }
      var amount = new BigDecimal(parts.group(1));
      var inMonths = months(parts.group(2));
      if (inMonths > 0) {
        months = months.add(amount.multiply(BigDecimal.valueOf(inMonths)));
      } else {
        seconds =
            seconds.add(amount.multiply(BigDecimal.valueOf(secondsOf(literal, parts.group(2)))));
      }
    }
    if (read == 0 || !text.substring(read).isBlank()) {
      throw bad(literal);
    }
    if (months.signum() != 0 && seconds.signum() != 0) {
      throw SqlProblem.unsupported(
          "an interval of months and days is not supported", "Add two intervals instead.");
    }
    return months.signum() != 0
        ? "interval '" + months.longValue() + "' month(6)"
        : "interval '" + seconds.toPlainString() + "' second(10, 3)";
  }

  private static SqlProblem bad(SqlToken literal) {
    return SqlProblem.badText("interval", literal.text()).at(literal.start() + 1);
  }

  private static int months(String unit) {
    return switch (unit) {
      case "year", "years", "y" -> 12;
      case "quarter", "quarters" -> 3;
      case "month", "months", "mon", "mons" -> 1;
      default -> 0;
    };
  }

  private static long secondsOf(SqlToken literal, String unit) {
    return switch (unit) {
      case "week", "weeks", "w" -> 604_800;
      case "day", "days", "d" -> 86_400;
      case "hour", "hours", "h" -> 3600;
      case "minute", "minutes", "min", "mins", "m" -> 60;
      case "second", "seconds", "sec", "secs", "s" -> 1;
      default ->
          throw new SqlProblem(
              SqlState.INVALID_DATETIME,
              "invalid input syntax for type interval: \"" + literal.text() + "\"");
    };
  }
}
