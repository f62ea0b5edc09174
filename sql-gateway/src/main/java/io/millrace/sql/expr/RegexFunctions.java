package io.millrace.sql.expr;

import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import io.millrace.sql.run.ExecContext;
import org.jspecify.annotations.Nullable;

/** PostgreSQL's functions of regular expressions. */
final class RegexFunctions {
  private RegexFunctions() {}

  /** {@code regexp_like(text, pattern [, flags])}. */
  static Object like(@Nullable Object[] a, ExecContext ctx) {
    var flags = a.length > 2 ? String.valueOf(a[2]) : "";
    return LinearPattern.posix(options(flags) + a[1], false, ctx).find(String.valueOf(a[0]), ctx);
  }

  /** {@code regexp_replace(text, pattern, replacement [, flags])}. */
  static Object replace(@Nullable Object[] a, ExecContext ctx) {
    var flags = a.length > 3 ? String.valueOf(a[3]) : "";
    var all = flags.indexOf('g') >= 0;
    return LinearPattern.replacing(options(flags.replace("g", "")) + a[1], ctx)
        .replace(String.valueOf(a[0]), String.valueOf(a[2]), all, ctx);
  }

  private static String options(String flags) {
    for (var flag : flags.toCharArray()) {
      if ("icnmpwst".indexOf(flag) < 0) {
        throw new SqlProblem(
            SqlState.INVALID_PARAMETER, "invalid regular expression option: \"" + flag + "\"");
      }
    }
    return flags.isEmpty() ? "" : "(?" + flags + ")";
  }
}
