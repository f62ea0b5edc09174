package io.millrace.sql.session;

import io.millrace.sql.error.Nearest;
import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import io.millrace.sql.types.PgText;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Settings of a session: PostgreSQL's that clients touch, and ours. */
public final class SessionSettings {
  /** Makes the next statements wait for a token. */
  public static final String AFTER = "millrace.after";

  /** Journal position of the last snapshot. */
  public static final String POSITION = "millrace.position";

  /** Whether the transaction of the moment is read-only. */
  static final String READ_ONLY = "transaction_read_only";

  static final String DEFAULT_READ_ONLY = "default_transaction_read_only";
  private static final Map<String, String> DEFAULTS = new LinkedHashMap<>();
  private static final List<String> REPORTED =
      List.of("application_name", "client_encoding", "datestyle", "timezone", DEFAULT_READ_ONLY);
  private static final List<String> FIXED =
      List.of(
          "server_version",
          "server_version_num",
          "server_encoding",
          "integer_datetimes",
          "max_identifier_length",
          "is_superuser",
          "block_size",
          POSITION);

  static {
    DEFAULTS.put("server_version", "14.0");
    DEFAULTS.put("server_version_num", "140000");
    DEFAULTS.put("server_encoding", "UTF8");
    DEFAULTS.put("client_encoding", "UTF8");
    DEFAULTS.put("application_name", "");
    DEFAULTS.put("datestyle", "ISO, MDY");
    DEFAULTS.put("intervalstyle", "postgres");
    DEFAULTS.put("timezone", "UTC");
    DEFAULTS.put("integer_datetimes", "on");
    DEFAULTS.put("standard_conforming_strings", "on");
    DEFAULTS.put("is_superuser", "off");
    DEFAULTS.put("session_authorization", "millrace");
    DEFAULTS.put("in_hot_standby", "off");
    DEFAULTS.put(DEFAULT_READ_ONLY, "off");
    DEFAULTS.put("default_transaction_isolation", "repeatable read");
    DEFAULTS.put("transaction_isolation", "repeatable read");
    DEFAULTS.put(READ_ONLY, "off");
    DEFAULTS.put("extra_float_digits", "1");
    DEFAULTS.put("bytea_output", "hex");
    DEFAULTS.put("search_path", "\"$user\", public");
    DEFAULTS.put("client_min_messages", "notice");
    DEFAULTS.put("max_identifier_length", "63");
    DEFAULTS.put("block_size", "8192");
    DEFAULTS.put("lock_timeout", "0");
    DEFAULTS.put("idle_in_transaction_session_timeout", "0");
    DEFAULTS.put("row_security", "on");
    DEFAULTS.put("lc_collate", "C");
    DEFAULTS.put("lc_ctype", "C");
    DEFAULTS.put("lc_messages", "C");
    DEFAULTS.put("lc_monetary", "C");
    DEFAULTS.put("synchronize_seqscans", "on");
    DEFAULTS.put("statement_timeout", "0");
    DEFAULTS.put(AFTER, "");
    DEFAULTS.put(POSITION, "");
  }

  private final Map<String, String> defaults = new LinkedHashMap<>(DEFAULTS);
  private final Map<String, String> values;
  private final Map<String, String> reports = new LinkedHashMap<>();
  private ZoneId zone = ZoneId.of("UTC");
  private long timeoutMs;
  private long position = -1;

  SessionSettings(long statementTimeoutMs) {
    defaults.put("statement_timeout", Long.toString(statementTimeoutMs));
    timeoutMs = statementTimeoutMs;
    values = new LinkedHashMap<>(defaults);
  }

  /** Value of a setting. */
  public String get(String name) {
    var value = values.get(name.toLowerCase(Locale.ROOT));
    if (value == null) {
      throw unknown(name);
    }
    return name.equalsIgnoreCase(POSITION) ? positionText() : value;
  }

  private String positionText() {
    return position < 0 ? "" : Long.toString(position);
  }

  private SqlProblem unknown(String name) {
    var nearest = Nearest.of(name.toLowerCase(Locale.ROOT), values.keySet());
    return SqlProblem.withHint(
        SqlState.UNDEFINED_OBJECT,
        "unrecognized configuration parameter \"" + name + "\"",
        nearest == null ? null : "Perhaps you meant \"" + nearest + "\".");
  }

  /** All settings by name. */
  Map<String, String> all() {
    var all = new TreeMap<>(values);
    all.put(POSITION, positionText());
    return all;
  }

  /** All values as they stand, for {@link #restore}. */
  Map<String, String> copy() {
    return Map.copyOf(values);
  }

  /** A value as it stands; empty when there is none. */
  String raw(String name) {
    return values.getOrDefault(name, "");
  }

  /** Brings back those of the given values that have changed. */
  void restore(Map<String, String> before) {
    before.forEach((name, value) -> {
      if (!FIXED.contains(name) && !value.equals(values.get(name))) {
        set(name, value);
      }
    });
  }

  /** Whether transactions begin read-only. */
  boolean defaultReadOnly() {
    return raw(DEFAULT_READ_ONLY).equals("on");
  }

  /** What SHOW says of the transaction of the moment. */
  void showReadOnly(boolean value) {
    values.put(READ_ONLY, value ? "on" : "off");
  }

  /** Changes a setting; null brings the default back. */
  void set(String name, @Nullable String value) {
    var key = name.toLowerCase(Locale.ROOT);
    if (!values.containsKey(key) && key.indexOf('.') < 0) {
      throw unknown(name);
    }
    if (FIXED.contains(key)) {
      throw new SqlProblem("55P02", "parameter \"" + name + "\" cannot be changed");
    }
    var given = value == null ? defaults.getOrDefault(key, "") : value;
    var wanted = key.equals(DEFAULT_READ_ONLY) ? (flag(name, given) ? "on" : "off") : given;
    apply(key, wanted);
    values.put(key, wanted);
    if (REPORTED.contains(key)) {
      reports.put(reportName(key), wanted);
    }
  }

  /** Reads the value of a setting that is on or off. */
  static boolean flag(String name, String value) {
    try {
      return PgText.parseBool(value);
    } catch (SqlProblem bad) {
      throw new SqlProblem(
          SqlState.INVALID_PARAMETER, "parameter \"" + name + "\" requires a Boolean value");
    }
  }

  private void apply(String key, String wanted) {
    switch (key) {
      case "timezone" -> zone = parseZone(wanted);
      case "statement_timeout" -> timeoutMs = parseMs(wanted);
      case "client_encoding" -> {
        var plain = wanted.replace("-", "").toUpperCase(Locale.ROOT);
        if (!plain.equals("UTF8") && !plain.equals("UNICODE")) {
          throw new SqlProblem(
              SqlState.INVALID_PARAMETER, "only the client encoding UTF8 is supported");
        }
      }
      default -> {}
    }
  }

  private static String reportName(String key) {
    return switch (key) {
      case "datestyle" -> "DateStyle";
      case "timezone" -> "TimeZone";
      default -> key;
    };
  }

  private static ZoneId parseZone(String name) {
    try {
      return ZoneId.of(name.equalsIgnoreCase("default") ? "UTC" : name);
    } catch (DateTimeException bad) {
      throw new SqlProblem(
          SqlState.INVALID_PARAMETER, "invalid value for parameter \"TimeZone\": \"" + name + "\"");
    }
  }

  private static long parseMs(String text) {
    var match =
        java.util.regex.Pattern.compile("(\\d{1,12})\\s*(ms|s|min|h)?").matcher(text.trim());
    if (!match.matches()) {
      throw new SqlProblem(
          SqlState.INVALID_PARAMETER,
          "invalid value for parameter \"statement_timeout\": \"" + text + "\"");
    }
    var unit = match.group(2);
    var factor =
        unit == null || unit.equals("ms")
            ? 1L
            : unit.equals("s") ? 1000L : unit.equals("min") ? 60_000L : 3_600_000L;
    return Long.parseLong(match.group(1)) * factor;
  }

  /** A statement has read at a position; what is told never goes back. */
  void position(long read) {
    position = Math.max(position, read);
  }

  /** Names of the settings that RESET ALL brings back; the mode of a transaction is none. */
  List<String> changed() {
    return values.keySet().stream()
        .filter(key -> !FIXED.contains(key) && !key.equals(READ_ONLY))
        .filter(key -> !raw(key).equals(defaults.getOrDefault(key, "")))
        .toList();
  }

  /** Whether the client wants to be warned. */
  boolean warns() {
    return !List.of("error", "fatal", "panic")
        .contains(raw("client_min_messages").toLowerCase(Locale.ROOT));
  }

  /** The session's time zone. */
  public ZoneId zone() {
    return zone;
  }

  /** Limit of a statement in ms, 0 for none. */
  long timeoutMs() {
    return timeoutMs;
  }

  /** Token the next snapshot must contain, or null. */
  @Nullable String afterToken() {
    var token = values.getOrDefault(AFTER, "");
    return token.isEmpty() ? null : token;
  }

  /** Reported settings at the start of a session. */
  public Map<String, String> initialReports() {
    var initial = new LinkedHashMap<String, String>();
    for (var name :
        List.of(
            "server_version",
            "server_encoding",
            "client_encoding",
            "application_name",
            "datestyle",
            "timezone",
            "integer_datetimes",
            "intervalstyle",
            "standard_conforming_strings",
            "is_superuser",
            "session_authorization",
            "in_hot_standby",
            "default_transaction_read_only")) {
      initial.put(name.equals("intervalstyle") ? "IntervalStyle" : reportName(name), get(name));
    }
    return initial;
  }

  /** Reported settings that changed since the last call. */
  public Map<String, String> changedReports() {
    if (reports.isEmpty()) {
      return Map.of();
    }
    var changed = new LinkedHashMap<>(reports);
    reports.clear();
    return changed;
  }
}
