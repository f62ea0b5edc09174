package io.millrace.sql.expr;

import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import java.util.Set;
import org.apache.calcite.sql.SqlOperator;

/** Paths into JSON that end in good time: without patterns, and without search in a search. */
final class JsonPaths {
  private static final int MOST_LENGTH = 1_000;
  private static final Set<String> FOLLOWING =
      Set.of(
          "JSON_API_COMMON_SYNTAX",
          "JSON_VALUE",
          "JSON_QUERY",
          "JSON_EXISTS",
          "JSON_KEYS",
          "JSON_LENGTH",
          "JSON_REMOVE",
          "JSON_SET",
          "JSON_INSERT",
          "JSON_REPLACE");

  private JsonPaths() {}

  /** Whether the second operand of an operator is a path. */
  static boolean takesPath(SqlOperator operator) {
    return FOLLOWING.contains(operator.getName().toUpperCase(java.util.Locale.ROOT));
  }

  /** The path itself, when following it takes time in proportion to the text. */
  static String checked(String path) {
    var deep = path.indexOf("..");
    var filter = path.indexOf("?(");
    if (path.contains("=~")) {
      throw refused("a pattern (=~)");
    }
    if (deep >= 0 && path.indexOf("..", deep + 2) >= 0
        || filter >= 0 && path.indexOf("?(", filter + 2) >= 0) {
      throw refused("more than one search (\"..\") or filter (\"?()\")");
    }
    if (path.length() > MOST_LENGTH) {
      throw new SqlProblem(SqlState.LIMIT_EXCEEDED, "a JSON path is too long");
    }
    return path;
  }

  private static SqlProblem refused(String what) {
    return new SqlProblem(SqlState.FEATURE_NOT_SUPPORTED, "a JSON path cannot have " + what);
  }
}
