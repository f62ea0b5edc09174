package io.millrace.sql.expr;

import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import io.millrace.sql.run.ExecContext;
import io.millrace.sql.types.PgType;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/** PostgreSQL's functions that Calcite lacks or spells differently. */
public final class PgFunctions {
  private static final SqlReturnTypeInference TEXT =
      ReturnTypes.explicit(SqlTypeName.VARCHAR)
          .andThen(org.apache.calcite.sql.type.SqlTypeTransforms.FORCE_NULLABLE);
  private static final SqlReturnTypeInference BIGINT = ReturnTypes.BIGINT_FORCE_NULLABLE;
  private static final SqlReturnTypeInference INT = ReturnTypes.INTEGER_NULLABLE;
  private static final SqlReturnTypeInference BOOL = ReturnTypes.BOOLEAN_NULLABLE;
  private static final SqlReturnTypeInference DOUBLE =
      ReturnTypes.explicit(SqlTypeName.DOUBLE)
          .andThen(org.apache.calcite.sql.type.SqlTypeTransforms.FORCE_NULLABLE);
  private static final SqlReturnTypeInference MOMENT =
      ReturnTypes.explicit(SqlTypeName.TIMESTAMP, 3)
          .andThen(org.apache.calcite.sql.type.SqlTypeTransforms.FORCE_NULLABLE);
  private static final int MAX_SCALE = 2000;
  private static final String VERSION = "PostgreSQL 14.0 (Millrace 0.1)";

  private static final Map<String, ScalarFunction> BY_NAME =
      all().stream()
          .map(ScalarFunction.class::cast)
          .collect(Collectors.toUnmodifiableMap(ScalarFunction::getName, Function.identity()));

  private final List<SqlOperator> all = new ArrayList<>();

  private PgFunctions() {}

  /** The function of a name, which must be one. */
  static ScalarFunction named(String name) {
    return java.util.Objects.requireNonNull(BY_NAME.get(name), name);
  }

  /** All functions. */
  public static List<SqlOperator> all() {
    var functions = new PgFunctions();
    functions.text();
    functions.arrays();
    functions.bytes();
    functions.numbers();
    functions.moments();
    functions.catalogue();
    functions.session();
    return List.copyOf(functions.all);
  }

  private void add(
      String name, SqlReturnTypeInference type, int min, int max, ScalarFunction.Body body) {
    all.add(new ScalarFunction(name, type, min, max, true, false, body));
  }

  private void loose(
      String name, SqlReturnTypeInference type, int min, int max, ScalarFunction.Body body) {
    all.add(new ScalarFunction(name, type, min, max, false, true, body));
  }

  private void text() {
    add(
        "length",
        INT,
        1,
        1,
        (a, c) -> a[0] instanceof byte[] bytes ? bytes.length : TextSearch.length(text(a, 0)));
    add("left", TEXT, 2, 2, (a, c) -> left(text(a, 0), number(a, 1)));
    add("right", TEXT, 2, 2, (a, c) -> right(text(a, 0), number(a, 1)));
    add(
        "substr",
        TEXT,
        2,
        3,
        (a, c) ->
            substring(text(a, 0), number(a, 1), a.length > 2 ? number(a, 2) : Integer.MAX_VALUE));
    add("strpos", INT, 2, 2, (a, c) -> TextSearch.place(text(a, 0), text(a, 1), c));
    add(
        "replace",
        TEXT,
        3,
        3,
        (a, c) ->
            text(a, 1).isEmpty()
                ? text(a, 0)
                : TextSearch.replace(text(a, 0), text(a, 1), text(a, 2), c));
    add(
        "repeat",
        TEXT,
        2,
        2,
        (a, c) -> {
          var times = Math.max(0, number(a, 1));
          c.making((long) times * text(a, 0).length());
          return text(a, 0).repeat(times);
        });
    add("chr", TEXT, 1, 1, (a, c) -> TextSearch.character(number(a, 0)));
    add("ascii", INT, 1, 1, (a, c) -> text(a, 0).isEmpty() ? 0 : text(a, 0).codePointAt(0));
    add("reverse", TEXT, 1, 1, (a, c) -> new StringBuilder(text(a, 0)).reverse().toString());
    add("starts_with", BOOL, 2, 2, (a, c) -> text(a, 0).startsWith(text(a, 1)));
    add(
        "split_part",
        TEXT,
        3,
        3,
        (a, c) -> TextSearch.splitPart(text(a, 0), text(a, 1), number(a, 2), c));
    add("lpad", TEXT, 2, 3, (a, c) -> pad(a, true, c));
    add("rpad", TEXT, 2, 3, (a, c) -> pad(a, false, c));
    add("btrim", TEXT, 1, 2, (a, c) -> trim(a, true, true));
    add("ltrim", TEXT, 1, 2, (a, c) -> trim(a, true, false));
    add("rtrim", TEXT, 1, 2, (a, c) -> trim(a, false, true));
    patterns();
    add("to_hex", TEXT, 1, 1, (a, c) -> Long.toHexString(((Number) arg(a, 0)).longValue()));
    add("quote_ident", TEXT, 1, 1, (a, c) -> quoteIdent(text(a, 0)));
    add("quote_literal", TEXT, 1, 1, (a, c) -> "'" + text(a, 0).replace("'", "''") + "'");
    add("md5", TEXT, 1, 1, (a, c) -> md5(text(a, 0)));
    loose("concat", TEXT, 1, 100, (a, c) -> concat("", a, 0, c));
    loose("concat_ws", TEXT, 1, 100, (a, c) -> a[0] == null ? null : concat(text(a, 0), a, 1, c));
    add("json_get", TEXT, 2, 2, (a, c) -> JsonText.get(text(a, 0), text(a, 1)));
  }

  /** What matches patterns; operators are turned into these where generated code runs. */
  private void patterns() {
    add("matches_like", BOOL, 2, 3, (a, c) -> like(a, false, c));
    add("matches_ilike", BOOL, 2, 3, (a, c) -> like(a, true, c));
    add(
        "matches_similar",
        BOOL,
        2,
        3,
        (a, c) ->
            LinearPattern.similar(text(a, 1), a.length > 2 ? text(a, 2) : null, c)
                .find(text(a, 0), c));
    add(
        "matches_regex",
        BOOL,
        2,
        2,
        (a, c) -> LinearPattern.posix(text(a, 1), false, c).find(text(a, 0), c));
    add(
        "matches_iregex",
        BOOL,
        2,
        2,
        (a, c) -> LinearPattern.posix(text(a, 1), true, c).find(text(a, 0), c));
    add("checked_format", TEXT, 1, 1, (a, c) -> TextSearch.checkedFormat(text(a, 0), c));
    add("checked_json_path", TEXT, 1, 1, (a, c) -> JsonPaths.checked(text(a, 0)));
    add("regexp_like", BOOL, 2, 3, RegexFunctions::like);
    add("regexp_replace", TEXT, 3, 4, RegexFunctions::replace);
    add(
        "translate",
        TEXT,
        3,
        3,
        (a, c) -> TextSearch.translate(text(a, 0), text(a, 1), text(a, 2), c));
  }

  private static boolean like(@Nullable Object[] a, boolean ignoreCase, ExecContext ctx) {
    return LikePattern.of(text(a, 1), a.length > 2 ? text(a, 2) : null, ignoreCase)
        .matches(text(a, 0), ctx);
  }

  private void arrays() {
    add(
        "array_to_string",
        TEXT,
        2,
        3,
        (a, c) ->
            TextSearch.replace(text(a, 0).replace("{", "").replace("}", ""), ",", text(a, 1), c));
    var maybe = INT.andThen(org.apache.calcite.sql.type.SqlTypeTransforms.FORCE_NULLABLE);
    for (var length : List.of("array_length", "array_upper")) {
      add(length, maybe, 2, 2, (a, c) -> number(a, 1) == 1 ? arrayLength(arg(a, 0)) : null);
    }
    add(
        "array_lower",
        maybe,
        2,
        2,
        (a, c) -> number(a, 1) == 1 && arrayLength(arg(a, 0)) != null ? 1 : null);
    add(
        "string_to_array",
        TEXT,
        2,
        3,
        (a, c) -> "{" + TextSearch.replace(text(a, 0), text(a, 1), ",", c) + "}");
  }

  private void bytes() {
    var bytea =
        ReturnTypes.explicit(SqlTypeName.VARBINARY)
            .andThen(org.apache.calcite.sql.type.SqlTypeTransforms.FORCE_NULLABLE);
    add(
        "bytea_in",
        bytea,
        1,
        1,
        (a, c) ->
            io.millrace.sql.types.PgText.parse(PgType.BYTEA, text(a, 0), java.time.ZoneOffset.UTC));
    add("encode", TEXT, 2, 2, (a, c) -> encode((byte[]) arg(a, 0), text(a, 1)));
  }

  private static String encode(byte[] bytes, String format) {
    return switch (format) {
      case "hex" -> HexFormat.of().formatHex(bytes);
      case "base64" -> java.util.Base64.getEncoder().encodeToString(bytes);
      default ->
          throw new SqlProblem(
              SqlState.INVALID_PARAMETER, "unrecognized encoding: \"" + format + "\"");
    };
  }

  private void numbers() {
    add(
        "round",
        ReturnTypes.ARG0_NULLABLE,
        1,
        2,
        (a, c) -> round(arg(a, 0), a.length > 1 ? number(a, 1) : 0, RoundingMode.HALF_UP));
    add(
        "trunc",
        ReturnTypes.ARG0_NULLABLE,
        1,
        2,
        (a, c) -> round(arg(a, 0), a.length > 1 ? number(a, 1) : 0, RoundingMode.DOWN));
    loose("greatest", ReturnTypes.LEAST_RESTRICTIVE, 1, 100, (a, c) -> extreme(a, 1));
    loose("least", ReturnTypes.LEAST_RESTRICTIVE, 1, 100, (a, c) -> extreme(a, -1));
  }

  private void moments() {
    loose("now", MOMENT, 0, 0, (a, c) -> c.nowMs());
    loose("clock_timestamp", MOMENT, 0, 0, (a, c) -> c.nowMs());
    add(
        "to_timestamp",
        MOMENT,
        1,
        1,
        (a, c) -> Math.round(((Number) arg(a, 0)).doubleValue() * 1000));
    add(
        "date_trunc",
        MOMENT,
        2,
        2,
        (a, c) -> DateParts.truncate(text(a, 0), ((Number) arg(a, 1)).longValue()));
    add(
        "date_part",
        DOUBLE,
        2,
        2,
        (a, c) -> DateParts.part(text(a, 0), ((Number) arg(a, 1)).longValue()));
    add(
        "extract_exact",
        ReturnTypes.explicit(SqlTypeName.DECIMAL)
            .andThen(org.apache.calcite.sql.type.SqlTypeTransforms.FORCE_NULLABLE),
        2,
        2,
        (a, c) -> DateParts.exactPart(text(a, 0), ((Number) arg(a, 1)).longValue()));
  }

  private void catalogue() {
    for (var visible :
        List.of(
            "pg_table_is_visible",
            "pg_type_is_visible",
            "pg_function_is_visible",
            "pg_operator_is_visible",
            "has_table_privilege",
            "has_schema_privilege",
            "has_database_privilege",
            "has_any_column_privilege",
            "has_column_privilege",
            "has_function_privilege",
            "pg_opclass_is_visible",
            "pg_collation_is_visible",
            "pg_statistics_obj_is_visible")) {
      loose(visible, BOOL, 0, 4, (a, c) -> true);
    }
    for (var empty :
        List.of(
            "obj_description",
            "col_description",
            "shobj_description",
            "pg_get_expr",
            "pg_get_viewdef",
            "pg_get_ruledef",
            "pg_get_triggerdef",
            "pg_get_functiondef",
            "pg_get_function_result",
            "pg_get_function_arguments",
            "pg_tablespace_location",
            "pg_get_serial_sequence",
            "pg_get_partkeydef",
            "pg_get_partition_constraintdef",
            "pg_get_statisticsobjdef_columns",
            "pg_get_constraintdef",
            "to_regtype",
            "to_regproc")) {
      loose(empty, TEXT, 0, 4, (a, c) -> null);
    }
    loose("pg_get_indexdef", TEXT, 1, 3, (a, c) -> "primary key");
    loose("pg_relation_is_publishable", BOOL, 1, 1, (a, c) -> false);
    loose("pg_is_in_recovery", BOOL, 0, 0, (a, c) -> false);
    loose("pg_is_other_temp_schema", BOOL, 1, 1, (a, c) -> false);
    loose("pg_my_temp_schema", BIGINT, 0, 0, (a, c) -> 0L);
    loose("pg_get_userbyid", TEXT, 1, 1, (a, c) -> "millrace");
    loose("format_type", TEXT, 1, 2, (a, c) -> formatType(a[0]));
    add("pg_encoding_to_char", TEXT, 1, 1, (a, c) -> "UTF8");
    add("pg_size_pretty", TEXT, 1, 1, (a, c) -> arg(a, 0) + " bytes");
    loose("pg_table_size", BIGINT, 1, 1, (a, c) -> 0L);
    loose("pg_total_relation_size", BIGINT, 1, 1, (a, c) -> 0L);
    loose("pg_relation_size", BIGINT, 1, 2, (a, c) -> 0L);
    loose("pg_database_size", BIGINT, 1, 1, (a, c) -> 0L);
    loose("age", BIGINT, 1, 1, (a, c) -> 0L);
    loose("txid_current", BIGINT, 0, 0, (a, c) -> 1L);
    add("array_position", INT, 2, 2, (a, c) -> vectorPosition(text(a, 0), arg(a, 1)));
    add("vector_item", TEXT, 2, 2, (a, c) -> vectorItem(text(a, 0), number(a, 1)));
    add("vector_contains", BOOL, 2, 2, (a, c) -> vectorPosition(text(a, 0), arg(a, 1)) != null);
  }

  private void session() {
    loose("version", TEXT, 0, 0, (a, c) -> VERSION);
    loose("current_database", TEXT, 0, 0, (a, c) -> "millrace");
    loose("current_schema", TEXT, 0, 0, (a, c) -> "public");
    loose(
        "current_schemas",
        TEXT,
        1,
        1,
        (a, c) -> Boolean.FALSE.equals(a[0]) ? "{public}" : "{pg_catalog,public}");
    loose("pg_backend_pid", INT, 0, 0, (a, c) -> c.session().processId());
    loose("session_user_name", TEXT, 0, 0, (a, c) -> c.session().user());
    loose("inet_server_addr", TEXT, 0, 0, (a, c) -> null);
    loose("inet_server_port", INT, 0, 0, (a, c) -> null);
    loose("pg_postmaster_start_time", MOMENT, 0, 0, (a, c) -> c.nowMs());
    loose("set_config", TEXT, 3, 3, (a, c) -> a[1]);
  }

  private static Object arg(@Nullable Object[] args, int index) {
    var value = args[index];
    if (value == null) {
      throw new IllegalStateException("null reached a strict function");
    }
    return value;
  }

  private static String text(@Nullable Object[] args, int index) {
    return arg(args, index).toString();
  }

  private static int number(@Nullable Object[] args, int index) {
    return (int) Casts.whole(arg(args, index), PgType.INT4);
  }

  private static @Nullable Integer arrayLength(Object array) {
    if (array instanceof List<?> elements) {
      return elements.isEmpty() ? null : (Integer) elements.size();
    }
    var text = array.toString().replaceAll("[{}]", "");
    return text.isEmpty() ? null : (Integer) text.split(",", -1).length;
  }

  private static String left(String text, int count) {
    var length = TextSearch.length(text);
    return TextSearch.part(
        text, 0, count < 0 ? Math.max(0, length + count) : Math.min(length, count));
  }

  private static String right(String text, int count) {
    long length = TextSearch.length(text);
    var start = count < 0 ? Math.min(length, -(long) count) : Math.max(0, length - count);
    return TextSearch.part(text, (int) start, (int) length);
  }

  /** SQL's substring: 1-based, may start before the text. */
  static String substring(String text, int from, int count) {
    if (count < 0) {
      throw new SqlProblem("22011", "negative substring length not allowed");
    }
    var end = Math.min(TextSearch.length(text), (long) from - 1 + count);
    var start = Math.max(0, (long) from - 1);
    return start >= end ? "" : TextSearch.part(text, (int) start, (int) end);
  }

  private static String pad(@Nullable Object[] a, boolean atLeft, ExecContext ctx) {
    var text = text(a, 0);
    var length = Math.max(0, number(a, 1));
    var fill = a.length > 2 ? text(a, 2) : " ";
    ctx.making(length);
    var present = TextSearch.length(text);
    if (present >= length || fill.isEmpty()) {
      return TextSearch.part(text, 0, Math.min(length, present));
    }
    var missing = length - present;
    var padding = TextSearch.part(fill.repeat(missing / TextSearch.length(fill) + 1), 0, missing);
    return atLeft ? padding + text : text + padding;
  }

  private static String trim(@Nullable Object[] a, boolean start, boolean end) {
    return trim(text(a, 0), a.length > 1 ? text(a, 1) : " ", start, end);
  }

  /** Removes any of the given characters from the ends. */
  static String trim(String text, String chars, boolean start, boolean end) {
    var set = new java.util.BitSet();
    chars.codePoints().forEach(set::set);
    int from = 0;
    int to = text.length();
    while (start && from < to && set.get(text.codePointAt(from))) {
      from += Character.charCount(text.codePointAt(from));
    }
    while (end && to > from && set.get(text.codePointBefore(to))) {
      to -= Character.charCount(text.codePointBefore(to));
    }
    return text.substring(from, to);
  }

  private static String quoteIdent(String name) {
    return name.matches("[a-z_][a-z0-9_]*") ? name : "\"" + name.replace("\"", "\"\"") + "\"";
  }

  private static String md5(String text) {
    try {
      var digest = java.security.MessageDigest.getInstance("MD5");
      return HexFormat.of()
          .formatHex(digest.digest(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    } catch (java.security.NoSuchAlgorithmException missing) {
      throw new IllegalStateException(missing);
    }
  }

  private static String concat(String between, @Nullable Object[] args, int from, ExecContext ctx) {
    long length = 0;
    for (int i = from; i < args.length; i++) {
      length += args[i] instanceof String part ? part.length() + between.length() : 0;
    }
    ctx.making(length);
    var text = new StringBuilder();
    var first = true;
    for (int i = from; i < args.length; i++) {
      var part = args[i];
      if (part != null) {
        text.append(first ? "" : between).append(part);
        first = false;
      }
    }
    return text.toString();
  }

  private static Object round(Object value, int wanted, RoundingMode mode) {
    var digits = Math.clamp(wanted, -MAX_SCALE, MAX_SCALE);
    return switch (value) {
      case BigDecimal exact -> exact.setScale(digits, mode);
      case Double real when Double.isNaN(real) || Double.isInfinite(real) -> real;
      case Double real when digits == 0 && mode == RoundingMode.HALF_UP -> Math.rint(real);
      case Double real -> BigDecimal.valueOf(real).setScale(digits, mode).doubleValue();
      default -> value;
    };
  }

  private static @Nullable Object extreme(@Nullable Object[] args, int sign) {
    Object best = null;
    for (var value : args) {
      if (value != null && (best == null || sign * SqlValues.compare(value, best) > 0)) {
        best = value;
      }
    }
    return best;
  }

  private static @Nullable Object formatType(@Nullable Object oid) {
    if (oid == null) {
      return null;
    }
    var type = PgType.byOid(((Number) oid).intValue());
    return type == null ? "???" : type.sqlName().toLowerCase(Locale.ROOT);
  }

  private static @Nullable String vectorItem(String vector, int index) {
    var parts = vector.replaceAll("[{}]", "").split("[ ,]+");
    return index >= 1 && index <= parts.length ? parts[index - 1] : null;
  }

  private static @Nullable Integer vectorPosition(String vector, Object number) {
    var parts = vector.replaceAll("[{}]", "").split("[ ,]+");
    for (int i = 0; i < parts.length; i++) {
      if (parts[i].equals(number.toString())) {
        return i + 1;
      }
    }
    return null;
  }
}
