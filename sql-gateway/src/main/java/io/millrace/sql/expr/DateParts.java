package io.millrace.sql.expr;

import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;

/** Parts of moments, in UTC. */
final class DateParts {
  private DateParts() {}

  /** The moment cut down to a unit. */
  static Long truncate(String unit, long ms) {
    var at = LocalDateTime.ofInstant(Instant.ofEpochMilli(ms), ZoneOffset.UTC);
    var day = at.truncatedTo(ChronoUnit.DAYS);
    var cut =
        switch (unit.toLowerCase(Locale.ROOT)) {
          case "millisecond", "milliseconds" -> at;
          case "second" -> at.truncatedTo(ChronoUnit.SECONDS);
          case "minute" -> at.truncatedTo(ChronoUnit.MINUTES);
          case "hour" -> at.truncatedTo(ChronoUnit.HOURS);
          case "day" -> day;
          case "week" -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
          case "month" -> day.withDayOfMonth(1);
          case "quarter" -> day.withDayOfMonth(1).withMonth((day.getMonthValue() - 1) / 3 * 3 + 1);
          case "year" -> day.withDayOfYear(1);
          default -> throw unknownUnit(unit);
        };
    return cut.toInstant(ZoneOffset.UTC).toEpochMilli();
  }

  /** One part as a number. */
  static double part(String unit, long ms) {
    var at = LocalDateTime.ofInstant(Instant.ofEpochMilli(ms), ZoneOffset.UTC);
    return switch (unit.toLowerCase(Locale.ROOT)) {
      case "millisecond", "milliseconds" -> at.getSecond() * 1000.0 + Math.floorMod(ms, 1000L);
      case "second" -> at.getSecond() + Math.floorMod(ms, 1000L) / 1000.0;
      case "minute" -> at.getMinute();
      case "hour" -> at.getHour();
      case "day" -> at.getDayOfMonth();
      case "dow" -> at.getDayOfWeek().getValue() % 7;
      case "isodow" -> at.getDayOfWeek().getValue();
      case "doy" -> at.getDayOfYear();
      case "week" -> at.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
      case "month" -> at.getMonthValue();
      case "quarter" -> at.get(IsoFields.QUARTER_OF_YEAR);
      case "year" -> at.getYear();
      case "isoyear" -> at.get(IsoFields.WEEK_BASED_YEAR);
      case "decade" -> Math.floorDiv(at.getYear(), 10);
      case "century" -> Math.floorDiv(at.getYear() - 1, 100) + 1;
      case "epoch" -> ms / 1000.0;
      default -> throw unknownUnit(unit);
    };
  }

  /** A part that may have decimals, as {@code extract} gives it. */
  static BigDecimal exactPart(String unit, long ms) {
    return switch (unit.toLowerCase(Locale.ROOT)) {
      case "epoch" -> BigDecimal.valueOf(ms, 3).setScale(6);
      case "second" -> BigDecimal.valueOf(Math.floorMod(ms, 60_000L), 3).setScale(6);
      default -> BigDecimal.valueOf(Math.floorMod(ms, 60_000L)).setScale(3);
    };
  }

  private static SqlProblem unknownUnit(String unit) {
    return new SqlProblem(
        SqlState.INVALID_PARAMETER, "unit \"" + unit + "\" not recognized for a timestamp");
  }
}
