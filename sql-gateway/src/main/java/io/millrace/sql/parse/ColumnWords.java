package io.millrace.sql.parse;

import java.util.List;
import java.util.Set;

/**
 * Words that PostgreSQL takes as column names and Calcite's parser does not: they are quoted where
 * only a name can stand.
 */
final class ColumnWords {
  private static final Set<String> WORDS =
      Set.of(
          "date",
          "time",
          "timestamp",
          "row",
          "partition",
          "next",
          "range",
          "rows",
          "stream",
          "uuid",
          "skip",
          "measure",
          "call",
          "current",
          "new",
          "minus",
          "define",
          "ordinal",
          "qualify",
          "variant",
          "asof",
          "over",
          "grouping",
          "safe_cast");

  private static final Set<String> BEFORE =
      Set.of(
          "select",
          ",",
          ".",
          "(",
          "=",
          "<",
          ">",
          "<=",
          ">=",
          "<>",
          "!=",
          "+",
          "-",
          "*",
          "/",
          "%",
          "||",
          "and",
          "or",
          "where",
          "by",
          "on",
          "not",
          "distinct",
          "when",
          "then",
          "else",
          "case",
          "having",
          "between");

  private static final Set<String> KEYWORD_AFTER =
      Set.of("(", "by", "between", "unbounded", "current", "row", "rows", "select");

  private static final Set<String> TYPE_AFTER = Set.of(")", "(", "with", "without");

  private ColumnWords() {}

  /** True when the word at an index is a column name that must be quoted. */
  static boolean isName(List<SqlToken> tokens, int at) {
    var token = tokens.get(at);
    if (token.kind() != SqlToken.Kind.WORD || !WORDS.contains(token.text()) || at == 0) {
      return false;
    }
    var before = tokens.get(at - 1);
    var next = at + 1 < tokens.size() ? tokens.get(at + 1) : null;
    if (before.isSymbol(".")) {
      return true;
    }
    if (next != null && next.kind() != SqlToken.Kind.WORD && next.kind() != SqlToken.Kind.SYMBOL) {
      return false;
    }
    var after = next == null ? "" : next.text();
    if (before.isWord("as")) {
      return !TYPE_AFTER.contains(after);
    }
    var plain = before.kind() == SqlToken.Kind.WORD || before.kind() == SqlToken.Kind.SYMBOL;
    return plain && BEFORE.contains(before.text()) && !KEYWORD_AFTER.contains(after);
  }
}
