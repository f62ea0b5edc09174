package io.millrace.sql.plan;

import io.millrace.engine.table.Table;
import io.millrace.sql.error.Nearest;
import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import io.millrace.sql.parse.Normal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.sql.parser.SqlParseException;
import org.jspecify.annotations.Nullable;

/** Calcite's complaints in PostgreSQL's words, with the position in the user's text. */
final class CalciteErrorTranslator {
  private static final Pattern NO_OBJECT = Pattern.compile("Object '(.*?)' not found.*");
  private static final Pattern NO_TABLE = Pattern.compile("Table '(.*?)' not found.*");
  private static final Pattern NO_COLUMN =
      Pattern.compile("(?:Column|Field) '(.*?)' not found in .*", Pattern.DOTALL);
  private static final Pattern UNKNOWN_FIELD =
      Pattern.compile("Unknown (?:target column|field) '(.*?)'");
  private static final Pattern NO_FUNCTION =
      Pattern.compile("No match found for function signature (.*)", Pattern.DOTALL);
  private static final Pattern NOT_GROUPED =
      Pattern.compile("Expression '(.*?)' is not being grouped");
  private static final Pattern AMBIGUOUS = Pattern.compile("Column '(.*?)' is ambiguous");
  private static final Pattern CAST =
      Pattern.compile(
          "Cannot apply '.*|.*Values? .* is not .*|Cannot assign.*|Cast function cannot.*",
          Pattern.DOTALL);

  private static final Pattern NOT_NULL =
      Pattern.compile("Column '(.*)' has no default value and does not allow NULLs");

  private final Normal normal;
  private final CatalogView catalog;

  CalciteErrorTranslator(Normal normal, CatalogView catalog) {
    this.normal = normal;
    this.catalog = catalog;
  }

  /** A text that does not parse. */
  SqlProblem syntax(SqlParseException problem) {
    var sql = normal.sql();
    var where = problem.getPos();
    var offset = where == null ? sql.length() : Positions.offset(Positions.lineStarts(sql), where);
    if (offset >= sql.length() || firstLine(problem.getMessage()).contains("<EOF>")) {
      return new SqlProblem(
          SqlState.SYNTAX_ERROR, "syntax error at end of input", endOfInput(), null, null);
    }
    int end = offset + 1;
    while (end < sql.length()
        && Character.isLetterOrDigit(sql.charAt(offset))
        && (Character.isLetterOrDigit(sql.charAt(end)) || sql.charAt(end) == '_')) {
      end++;
    }
    var message =
        problem.getMessage() != null && problem.getMessage().startsWith("Encountered")
            ? "syntax error at or near \"" + sql.substring(offset, end) + "\""
            : firstLine(problem.getMessage());
    return new SqlProblem(SqlState.SYNTAX_ERROR, message, normal.origin(offset) + 1, null, null);
  }

  private int endOfInput() {
    return normal.origin(normal.sql().length()) + 1;
  }

  private static String firstLine(@Nullable String message) {
    return message == null ? "syntax error" : message.lines().findFirst().orElse("syntax error");
  }

  /** A statement that does not validate. */
  SqlProblem invalid(CalciteContextException problem, List<Table> inQuery) {
    var cause = problem.getCause();
    var message =
        cause == null || cause.getMessage() == null
            ? String.valueOf(problem.getMessage())
            : cause.getMessage();
    var offset =
        Positions.offset(
            Positions.lineStarts(normal.sql()), problem.getPosLine(), problem.getPosColumn());
    return translate(message, inQuery).at(normal.origin(offset) + 1);
  }

  private SqlProblem translate(String message, List<Table> inQuery) {
    Matcher match = NO_OBJECT.matcher(message);
    if (match.matches()) {
      return noTable(message, match.group(1));
    }
    match = NO_TABLE.matcher(message);
    if (match.matches()) {
      return new SqlProblem(
          SqlState.UNDEFINED_TABLE,
          "missing FROM-clause entry for table \"" + match.group(1) + "\"");
    }
    match = NO_COLUMN.matcher(message);
    if (match.matches()) {
      return noColumn(match.group(1), inQuery);
    }
    match = UNKNOWN_FIELD.matcher(message);
    if (match.matches()) {
      return noColumn(match.group(1), inQuery);
    }
    match = NO_FUNCTION.matcher(message);
    if (match.matches()) {
      return new SqlProblem(
          SqlState.UNDEFINED_FUNCTION,
          "function " + match.group(1).toLowerCase(java.util.Locale.ROOT) + " does not exist");
    }
    match = NOT_GROUPED.matcher(message);
    if (match.matches()) {
      return new SqlProblem(
          SqlState.GROUPING_ERROR,
          "column \""
              + match.group(1).replace("*unique*.", "")
              + "\" must appear in the GROUP BY clause or be used in an aggregate function");
    }
    match = AMBIGUOUS.matcher(message);
    if (match.matches()) {
      return new SqlProblem(
          SqlState.AMBIGUOUS_COLUMN, "column reference \"" + match.group(1) + "\" is ambiguous");
    }
    match = NOT_NULL.matcher(message);
    if (match.matches()) {
      return new SqlProblem(
          SqlState.NOT_NULL_VIOLATION,
          "null value in column \"" + match.group(1) + "\" violates not-null constraint");
    }
    var state =
        CAST.matcher(message).matches() ? SqlState.DATATYPE_MISMATCH : SqlState.SYNTAX_ERROR;
    return new SqlProblem(state, message.replace("*unique*.", ""));
  }

  private SqlProblem noTable(String message, String name) {
    var within = Pattern.compile("within '(.*?)'").matcher(message);
    var schema = within.find() && !within.group(1).startsWith("*") ? within.group(1) : null;
    var full = schema == null ? name : schema + "." + name;
    var elsewhere = catalog.schemasOf(name);
    String hint = null;
    if (schema == null && elsewhere.size() > 1) {
      hint =
          "The name is in several schemas; say "
              + String.join(" or ", elsewhere.stream().map(s -> s + "." + name).toList())
              + ".";
    } else {
      var nearest = Nearest.of(full, catalog.names(schema != null));
      if (nearest != null) {
        hint = "Perhaps you meant the table \"" + nearest + "\".";
      }
    }
    return SqlProblem.withHint(
        SqlState.UNDEFINED_TABLE, "relation \"" + full + "\" does not exist", hint);
  }

  private static SqlProblem noColumn(String name, List<Table> inQuery) {
    var names = new ArrayList<String>();
    for (var table : inQuery) {
      table.columns().forEach(column -> names.add(column.name()));
    }
    var simple = name.substring(name.lastIndexOf('.') + 1);
    var nearest = Nearest.of(simple, names);
    return SqlProblem.withHint(
        SqlState.UNDEFINED_COLUMN,
        "column \"" + simple + "\" does not exist",
        nearest == null ? null : "Perhaps you meant the column \"" + nearest + "\".");
  }
}
