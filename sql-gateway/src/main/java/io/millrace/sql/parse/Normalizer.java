package io.millrace.sql.parse;

import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import io.millrace.sql.parse.Normal.Literal;
import io.millrace.sql.types.PgType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites the spellings that Calcite's parser does not know or reads otherwise than PostgreSQL,
 * and builds the parser's text and the plan cache's shape side by side.
 */
final class Normalizer {
  private static final int MAX_PARAMETER = 65_535;

  /** Words before a parenthesis that are no function names. */
  private static final Set<String> KEYWORDS =
      Set.of(
          "select",
          "and",
          "or",
          "not",
          "in",
          "where",
          "on",
          "when",
          "then",
          "else",
          "case",
          "by",
          "from",
          "having",
          "limit",
          "offset",
          "values",
          "like",
          "ilike",
          "between",
          "is",
          "distinct",
          "all",
          "any",
          "some",
          "exists",
          "returning",
          "union",
          "except",
          "intersect",
          "as",
          "using",
          "over",
          "filter",
          "join",
          "set",
          "into",
          "with",
          "escape",
          "similar");

  /** Words that go on with the name of a type. */
  private static final Set<String> TYPE_TAILS =
      Set.of("precision", "varying", "with", "without", "time", "zone");

  private record Piece(String sql, String shape, int origin, @Nullable SqlToken literal) {}

  private final List<SqlToken> tokens;
  private final List<Piece> pieces = new ArrayList<>();
  private final List<Integer> parameters = new ArrayList<>();
  private int at;

  Normalizer(List<SqlToken> tokens) {
    this.tokens = tokens;
  }

  Normal normal() {
    while (at < tokens.size()) {
      if (!rewritten()) {
        plain(tokens.get(at++));
      }
    }
    var sql = new StringBuilder(pieces.size() * 8);
    var shape = new StringBuilder(pieces.size() * 8);
    var starts = new int[pieces.size()];
    var origins = new int[pieces.size()];
    var literals = new ArrayList<Literal>();
    for (int i = 0; i < starts.length; i++) {
      var piece = pieces.get(i);
      if (i > 0) {
        sql.append(' ');
        shape.append(' ');
      }
      starts[i] = sql.length();
      origins[i] = piece.origin;
      if (piece.literal != null) {
        literals.add(new Literal(piece.literal.kind(), piece.literal.text(), sql.length()));
      }
      sql.append(piece.sql);
      shape.append(piece.shape);
    }
    var numbers = parameters.stream().mapToInt(Integer::intValue).toArray();
    return new Normal(sql.toString(), starts, origins, literals, numbers, shape.toString());
  }

  private boolean word(int ahead, String word) {
    return at + ahead >= 0 && at + ahead < tokens.size() && tokens.get(at + ahead).isWord(word);
  }

  private boolean symbol(int ahead, String symbol) {
    return at + ahead >= 0 && at + ahead < tokens.size() && tokens.get(at + ahead).isSymbol(symbol);
  }

  private boolean kindAt(int ahead, SqlToken.Kind kind) {
    return at + ahead >= 0 && at + ahead < tokens.size() && tokens.get(at + ahead).kind() == kind;
  }

  private boolean nameAt(int ahead) {
    return kindAt(ahead, SqlToken.Kind.WORD) || kindAt(ahead, SqlToken.Kind.QUOTED);
  }

  /** The spellings Calcite does not know; true when tokens were consumed. */
  private boolean rewritten() {
    if (symbol(0, "::")) {
      return cast();
    }
    if (ColumnWords.isName(tokens, at)) {
      piece("\"" + tokens.get(at).text() + "\"", tokens.get(at++).start());
      return true;
    }
    if (at == 0 && word(0, "table") && nameAt(1)) {
      piece("select * from", tokens.get(at++).start());
      return true;
    }
    if (word(0, "interval") && kindAt(1, SqlToken.Kind.STRING) && !unitAt(2)) {
      piece(Intervals.calcite(tokens.get(at + 1)), tokens.get(at).start());
      at += 2;
      return true;
    }
    if (kindAt(1, SqlToken.Kind.STRING) && Intervals.isMoment(tokens.get(at), tokens.get(at + 1))) {
      return moment();
    }
    if (symbol(0, "^") && !pieces.isEmpty()) {
      return power();
    }
    if (word(0, "current_schema") && !symbol(1, "(") && !symbol(-1, ".") && !word(-1, "as")) {
      piece("current_schema", tokens.get(at).start());
      piece("(", tokens.get(at).start());
      piece(")", tokens.get(at++).start());
      return true;
    }
    if (word(0, "operator") && symbol(1, "(")) {
      return operator();
    }
    if (symbol(0, "[") && symbol(1, "]") && !word(-1, "array")) {
      at += 2;
      return true;
    }
    if (word(0, "collate")) {
      at += symbol(2, ".") ? 4 : 2;
      return true;
    }
    var schema = word(0, "pg_catalog") || word(0, "information_schema");
    if (schema && symbol(1, ".") && nameAt(2) && symbol(3, "(")) {
      at += 2;
      return true;
    }
    if ((word(0, "any") || word(0, "some") || word(0, "all")) && symbol(1, "(")) {
      return ofArray();
    }
    return word(0, "as") && arrayType();
  }

  private boolean unitAt(int ahead) {
    return kindAt(ahead, SqlToken.Kind.WORD) && Intervals.isUnit(tokens.get(at + ahead).text());
  }

  /**
   * Puts {@code x::type} in parentheses: Calcite binds the cast looser than arithmetic, PostgreSQL
   * tighter than anything but a subscript.
   */
  private boolean cast() {
    int type = at + 1;
    if (word(1, "pg_catalog") && symbol(2, ".")) {
      type = at + 3;
    }
    if (type >= tokens.size() || pieces.isEmpty()) {
      return false;
    }
    var start = operandStart();
    pieces.add(start, new Piece("(", "(", pieces.get(start).origin, null));
    plain(tokens.get(at));
    at = type;
    int tail = type + 1;
    while (tail < tokens.size()
        && tokens.get(tail).kind() == SqlToken.Kind.WORD
        && TYPE_TAILS.contains(tokens.get(tail).text())) {
      tail++;
    }
    boolean array = tail + 1 < tokens.size() && tokens.get(tail).isSymbol("[");
    if (array && arrayType(type, tail, type)) {
      piece(")", tokens.get(at - 1).start());
      return true;
    }
    while (at < tail) {
      plain(tokens.get(at++));
    }
    if (symbol(0, "(")) {
      while (at < tokens.size() && !symbol(0, ")")) {
        plain(tokens.get(at++));
      }
      if (at < tokens.size()) {
        plain(tokens.get(at++));
      }
    }
    while (symbol(0, "[") && symbol(1, "]")) {
      at += 2;
    }
    piece(")", tokens.get(at - 1).start());
    return true;
  }

  /** {@code timestamptz 'text'}, and moments not written as Calcite wants its literals. */
  private boolean moment() {
    var type = tokens.get(at).text();
    var start = tokens.get(at++).start();
    piece("cast", start);
    piece("(", start);
    plain(tokens.get(at++));
    piece(type.startsWith("timestamp") ? "as timestamp ( 3 )" : "as " + type, start);
    piece(")", start);
    return true;
  }

  /** {@code a ^ b} is a power here; Calcite's operator of that name is another one. */
  private boolean power() {
    var start = operandStart();
    while (isSign(start - 1)) {
      start--;
    }
    var origin = tokens.get(at).start();
    pieces.add(start, new Piece("(", "(", pieces.get(start).origin, null));
    pieces.add(start, new Piece("power", "power", pieces.get(start).origin, null));
    piece(",", origin);
    at++;
    while (symbol(0, "-") || symbol(0, "+")) {
      plain(tokens.get(at++));
    }
    rightOperand();
    piece(")", origin);
    return true;
  }

  /** True when a piece is a sign and no subtraction or addition: nothing to take from before it. */
  private boolean isSign(int index) {
    if (index < 0 || !"+-".contains(pieces.get(index).sql)) {
      return false;
    }
    if (index == 0) {
      return true;
    }
    var before = pieces.get(index - 1).sql;
    var last = before.charAt(before.length() - 1);
    boolean operand = Character.isLetterOrDigit(last) || "_\"')]?".indexOf(last) >= 0;
    return !operand || KEYWORDS.contains(before);
  }

  /** A name, number, call or parenthesis, with what binds tighter than a power behind it. */
  private void rightOperand() {
    int depth = 0;
    while (at < tokens.size()) {
      if (symbol(0, "(") || symbol(0, "[") || word(0, "case")) {
        depth++;
      } else if (symbol(0, ")") || symbol(0, "]") || word(0, "end")) {
        depth--;
      }
      if (!rewritten()) {
        plain(tokens.get(at++));
      }
      var goesOn = symbol(0, "::") || symbol(0, ".") || symbol(-1, ".");
      var called = symbol(0, "(") && nameAt(-1) || symbol(0, "[");
      if (depth <= 0 && !goesOn && !called) {
        return;
      }
    }
  }

  /** Index of the piece at which the expression before a cast starts. */
  private int operandStart() {
    int start = pieces.size() - 1;
    var last = pieces.get(start).sql;
    if (last.equals(")") || last.equals("]")) {
      start = opening(start, last.equals(")") ? "(" : "[", last);
      if (start > 0 && functionName(start - 1)) {
        start--;
      }
    } else if (last.equals("end")) {
      start = opening(start, "case", "end");
    }
    while (start > 1 && pieces.get(start - 1).sql.equals(".")) {
      start -= 2;
    }
    return start;
  }

  private int opening(int close, String open, String closing) {
    int depth = 0;
    for (int i = close; i > 0; i--) {
      var text = pieces.get(i).sql;
      if (text.equals(closing)) {
        depth++;
      } else if (text.equals(open) && --depth == 0) {
        return i;
      }
    }
    return 0;
  }

  private boolean functionName(int index) {
    var text = pieces.get(index).sql;
    var first = text.charAt(0);
    return (Character.isLetter(first) || first == '_' || first == '"') && !KEYWORDS.contains(text);
  }

  /** {@code OPERATOR(pg_catalog.~)} is the operator itself. */
  private boolean operator() {
    int close = at + 2;
    while (close < tokens.size() && !tokens.get(close).isSymbol(")")) {
      close++;
    }
    if (close >= tokens.size()) {
      return false;
    }
    plain(tokens.get(close - 1));
    at = close + 1;
    return true;
  }

  /**
   * {@code x <op> ANY (array)}: Calcite knows that of subqueries only, so the array stands behind
   * the operator as the argument of a function that no user can name.
   */
  private boolean ofArray() {
    int first = 2;
    while (symbol(first, "(")) {
      first++;
    }
    var subquery =
        word(first, "select")
            || word(first, "with")
            || word(first, "values")
            || word(first, "table");
    if (subquery || at == 0 || !quantifiable(tokens.get(at - 1))) {
      return false;
    }
    piece(word(0, "all") ? Quantifiers.ALL : Quantifiers.ANY, tokens.get(at++).start());
    return true;
  }

  private static boolean quantifiable(SqlToken token) {
    return token.isWord("like")
        || token.isWord("ilike")
        || token.kind() == SqlToken.Kind.SYMBOL && Quantifiers.OPERATORS.contains(token.text());
  }

  /** {@code as type[]}: an array type is known by the name of its catalogue row. */
  private boolean arrayType() {
    int end = at + 1;
    while (end < tokens.size() && tokens.get(end).kind() == SqlToken.Kind.WORD) {
      end++;
    }
    return end + 1 < tokens.size()
        && tokens.get(end).isSymbol("[")
        && tokens.get(end + 1).isSymbol("]")
        && arrayType(at + 1, end, at);
  }

  /** Writes the array type whose element is named by some tokens; false when there is none. */
  private boolean arrayType(int from, int end, int before) {
    var name = new StringBuilder();
    for (int i = from; i < end; i++) {
      name.append(i > from ? " " : "").append(tokens.get(i).text());
    }
    var type = PgType.byName(name.toString());
    if (type == null) {
      return false;
    }
    for (int i = before; i < from; i++) {
      plain(tokens.get(i));
    }
    piece("\"" + type.array().typname() + "\"", tokens.get(from).start());
    at = end;
    while (symbol(0, "[") && symbol(1, "]")) {
      at += 2;
    }
    return true;
  }

  private void plain(SqlToken token) {
    switch (token.kind()) {
      case STRING -> literal(token, "'" + token.text().replace("'", "''") + "'", "?s");
      case INTEGER -> literal(token, token.text(), IntegerSize.of(token.text()).mark());
      case DECIMAL -> literal(token, token.text(), "?d");
      case PARAMETER -> {
        parameters.add(number(token));
        pieces.add(new Piece("?", "$" + token.text(), token.start(), null));
      }
      case QUOTED -> piece("\"" + token.text().replace("\"", "\"\"") + "\"", token.start());
      case WORD, SYMBOL -> piece(token.text(), token.start());
    }
  }

  private static int number(SqlToken token) {
    var number = token.text().length() > 5 ? 0 : Integer.parseInt(token.text());
    if (number < 1 || number > MAX_PARAMETER) {
      throw new SqlProblem(
          SqlState.SYNTAX_ERROR,
          "there is no parameter $" + token.text(),
          token.start() + 1,
          null,
          null);
    }
    return number;
  }

  private void piece(String text, int origin) {
    pieces.add(new Piece(text, text, origin, null));
  }

  private void literal(SqlToken token, String text, String mark) {
    pieces.add(new Piece(text, mark, token.start(), token));
  }
}
