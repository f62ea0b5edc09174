package io.millrace.sql.types;

import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;

/** Dates and times between text and the door's carriers. */
public final class PgDateTime {
  private PgDateTime() {}

  /** Text of an interval of months, or of milliseconds. */
  public static String interval(long amount, boolean months) {
    var text = new StringBuilder();
    if (months) {
      part(text, amount / 12, "year");
      part(text, amount % 12, "mon");
      return text.isEmpty() ? "00:00:00" : text.toString();
    }
    part(text, amount / 86_400_000L, "day");
    var rest = Math.abs(amount % 86_400_000L);
    if (rest == 0 && !text.isEmpty()) {
      return text.toString();
    }
    text.append(text.isEmpty() ? "" : " ").append(amount < 0 && rest > 0 ? "-" : "");
    text.append(
        String.format(
            Locale.ROOT,
            "%02d:%02d:%02d",
            rest / 3_600_000L,
            rest / 60_000L % 60,
            rest / 1000 % 60));
    return rest % 1000 == 0
        ? text.toString()
        : text + String.format(Locale.ROOT, ".%03d", rest % 1000).replaceAll("0+$", "");
  }

  private static void part(StringBuilder text, long count, String unit) {
    if (count != 0) {
      text.append(text.isEmpty() ? "" : " ").append(count).append(' ').append(unit);
      text.append(count == 1 ? "" : "s");
    }
  }

  /** Text of a moment in a zone, with its offset: {@code 2026-01-02 03:04:05.678+00}. */
  public static String timestamptz(long ms, ZoneId zone) {
    var at = Instant.ofEpochMilli(ms).atZone(zone);
    return dateTime(at.toLocalDateTime()) + offset(at.getOffset()) + era(at.toLocalDate());
  }

  /** Text of a date and time without a zone. */
  public static String timestamp(long ms) {
    var at =
        LocalDateTime.ofEpochSecond(
            Math.floorDiv(ms, 1000L), (int) Math.floorMod(ms, 1000L) * 1_000_000, ZoneOffset.UTC);
    return dateTime(at) + era(at.toLocalDate());
  }

  /** Text of a date. */
  public static String date(int days) {
    var day = LocalDate.ofEpochDay(days);
    return day(new StringBuilder(16), day) + era(day);
  }

  /** Text of a time of day. */
  public static String time(int ms) {
    var text = new StringBuilder(16);
    clock(text, LocalTime.ofNanoOfDay(ms * 1_000_000L));
    return text.toString();
  }

  /**
   * Year, month and day; PostgreSQL knows no sign: {@code 0044-03-15} is followed by {@code BC}.
   */
  private static StringBuilder day(StringBuilder text, LocalDate day) {
    var year = day.getYear() > 0 ? day.getYear() : 1 - day.getYear();
    if (year < 1000) {
      text.append(year < 10 ? "000" : year < 100 ? "00" : "0");
    }
    two(text.append(year).append('-'), day.getMonthValue()).append('-');
    return two(text, day.getDayOfMonth());
  }

  private static String era(LocalDate day) {
    return day.getYear() > 0 ? "" : " BC";
  }

  private static String dateTime(LocalDateTime at) {
    var text = new StringBuilder(32);
    day(text, at.toLocalDate()).append(' ');
    clock(text, at.toLocalTime());
    return text.toString();
  }

  private static void clock(StringBuilder text, LocalTime at) {
    two(text, at.getHour()).append(':');
    two(text, at.getMinute()).append(':');
    two(text, at.getSecond());
    var ms = at.getNano() / 1_000_000;
    if (ms != 0) {
      text.append('.').append((char) ('0' + ms / 100)).append((char) ('0' + ms / 10 % 10));
      text.append((char) ('0' + ms % 10));
      while (text.charAt(text.length() - 1) == '0') {
        text.setLength(text.length() - 1);
      }
    }
  }

  private static StringBuilder two(StringBuilder text, int number) {
    return text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
  }

  private static String offset(ZoneOffset offset) {
    var seconds = offset.getTotalSeconds();
    var text = new StringBuilder(6).append(seconds < 0 ? '-' : '+');
    two(text, Math.abs(seconds) / 3600);
    var minutes = Math.abs(seconds) / 60 % 60;
    if (minutes != 0) {
      two(text.append(':'), minutes);
    }
    return text.toString();
  }

  /** Reads a moment; text without an offset is taken in the given zone. */
  public static long parseTimestamp(String text, ZoneId zone) {
    var trimmed = text.trim();
    try {
      var split = splitAt(trimmed);
      var day = LocalDate.parse(split < 0 ? trimmed : trimmed.substring(0, split));
      if (split < 0) {
        return day.atStartOfDay(zone).toInstant().toEpochMilli();
      }
      var rest = trimmed.substring(split + 1).trim();
      var sign = signAt(rest);
      var clock = LocalTime.parse(fullClock(sign < 0 ? rest : rest.substring(0, sign).trim()));
      var at = LocalDateTime.of(day, clock);
      return (sign < 0
              ? at.atZone(zone).toInstant()
              : at.toInstant(parseOffset(rest.substring(sign).trim())))
          .toEpochMilli();
    } catch (DateTimeException | ArithmeticException problem) {
      throw badText("timestamp", text, problem);
    }
  }

  /** Reads a date. */
  public static int parseDate(String text) {
    try {
      var trimmed = text.trim();
      var split = splitAt(trimmed);
      return Math.toIntExact(
          LocalDate.parse(split < 0 ? trimmed : trimmed.substring(0, split)).toEpochDay());
    } catch (DateTimeException | ArithmeticException problem) {
      throw badText("date", text, problem);
    }
  }

  /** Reads a time of day. */
  public static int parseTime(String text) {
    try {
      return (int) (LocalTime.parse(fullClock(text.trim())).toNanoOfDay() / 1_000_000);
    } catch (DateTimeException problem) {
      throw badText("time", text, problem);
    }
  }

  private static SqlProblem badText(String type, String text, Throwable cause) {
    return new SqlProblem(
        SqlState.INVALID_DATETIME,
        "invalid input syntax for type " + type + ": \"" + text + "\"",
        0,
        null,
        cause);
  }

  private static int splitAt(String text) {
    var space = text.indexOf(' ');
    return space >= 0 ? space : Math.max(text.indexOf('T'), text.indexOf('t'));
  }

  private static int signAt(String text) {
    for (int i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      if (c == '+' || c == '-' || c == 'Z' || c == 'z') {
        return i;
      }
    }
    return text.endsWith("UTC") ? text.length() - 3 : -1;
  }

  private static String fullClock(String clock) {
    return clock.length() == 2 ? clock + ":00" : clock;
  }

  private static ZoneOffset parseOffset(String text) {
    if (text.equalsIgnoreCase("Z") || text.equals("UTC")) {
      return ZoneOffset.UTC;
    }
    return ZoneOffset.of(text);
  }
}
