package io.millrace.sql.session;

import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import io.millrace.sql.parse.SqlToken;
import io.millrace.sql.parse.Statement;
import io.millrace.sql.session.Prepared.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Recognises the statements a session answers itself. */
final class SessionCommands {
  private SessionCommands() {}

  /** The command of a statement; PLAN for all that go to the planner. */
  static Command of(Statement statement) {
    return switch (statement.verb()) {
      case "BEGIN" -> Command.BEGIN;
      case "START" -> statement.startsWith("start", "transaction") ? Command.BEGIN : Command.PLAN;
      case "COMMIT", "END" -> Command.COMMIT;
      case "ROLLBACK" ->
          TransactionWords.toSavepoint(statement) ? Command.ROLLBACK_TO : Command.ROLLBACK;
      case "ABORT" -> Command.ROLLBACK;
      case "SAVEPOINT" -> Command.SAVEPOINT;
      case "RELEASE" -> Command.RELEASE;
      case "SET" -> Command.SET;
      case "RESET" -> Command.RESET;
      case "SHOW" -> Command.SHOW;
      case "DISCARD" -> Command.DISCARD;
      case "DEALLOCATE" -> Command.DEALLOCATE;
      case "EXPLAIN" -> analyze(statement) ? Command.EXPLAIN_ANALYZE : Command.EXPLAIN;
      case "CALL" -> Command.CALL;
      case "SELECT" -> Calls.selects(statement) ? Command.CALL : Command.PLAN;
      case "VALUES", "WITH", "INSERT", "TABLE", "(" -> Command.PLAN;
      case "UPDATE", "DELETE", "MERGE", "TRUNCATE" ->
          throw notOffered(
              statement,
              "State is derived from events: append an event with INSERT INTO a depot instead.");
      case "CREATE", "ALTER", "DROP" ->
          throw notOffered(statement, "Tables come from the modules that are deployed.");
      case "COPY",
          "LISTEN",
          "NOTIFY",
          "UNLISTEN",
          "DECLARE",
          "FETCH",
          "CLOSE",
          "MOVE",
          "LOCK",
          "PREPARE",
          "EXECUTE",
          "DO",
          "GRANT",
          "REVOKE",
          "VACUUM",
          "ANALYZE",
          "CLUSTER",
          "COMMENT",
          "CHECKPOINT",
          "REINDEX",
          "REFRESH",
          "LOAD" ->
          throw notOffered(statement, null);
      default ->
          throw new SqlProblem(
              SqlState.SYNTAX_ERROR,
              "syntax error at or near \"" + statement.tokens().getFirst().text() + "\"",
              statement.tokens().getFirst().start() + 1,
              null,
              null);
    };
  }

  private static SqlProblem notOffered(Statement statement, @Nullable String hint) {
    return SqlProblem.unsupported(statement.verb() + " is not supported", hint);
  }

  private static boolean analyze(Statement statement) {
    var rest = explained(statement).tokens().getFirst();
    return statement.tokens().stream()
        .takeWhile(token -> token != rest)
        .anyMatch(token -> token.isWord("analyze"));
  }

  /** The statement behind EXPLAIN and its options. */
  static Statement explained(Statement statement) {
    var tokens = statement.tokens();
    int at = 1;
    if (at < tokens.size() && tokens.get(at).isSymbol("(") && !query(tokens, at + 1)) {
      while (at < tokens.size() && !tokens.get(at).isSymbol(")")) {
        at++;
      }
      at++;
    }
    while (at < tokens.size()
        && (tokens.get(at).isWord("analyze") || tokens.get(at).isWord("verbose"))) {
      at++;
    }
    if (at >= tokens.size()) {
      throw new SqlProblem(SqlState.SYNTAX_ERROR, "EXPLAIN needs a statement");
    }
    return new Statement(statement.text(), statement.offset(), tokens.subList(at, tokens.size()));
  }

  private static boolean query(List<SqlToken> tokens, int at) {
    return at < tokens.size()
        && (tokens.get(at).isWord("select") || tokens.get(at).isWord("values"));
  }

  /**
   * A name and its new value.
   *
   * @param value null for the default
   * @param local until the end of the transaction
   */
  record Change(String name, @Nullable String value, boolean local) {}

  /** Reads SET of a setting; null when it has no effect here (names). */
  static @Nullable Change change(Statement statement) {
    var tokens = new ArrayList<>(statement.tokens().subList(1, statement.tokens().size()));
    boolean local = !tokens.isEmpty() && tokens.getFirst().isWord("local");
    if (!tokens.isEmpty()
        && (tokens.getFirst().isWord("session") || tokens.getFirst().isWord("local"))) {
      tokens.removeFirst();
    }
    if (tokens.isEmpty()) {
      throw incomplete("SET");
    }
    var first = tokens.getFirst();
    if (first.isWord("names")) {
      return null;
    }
    if (first.isWord("time") && tokens.size() > 2 && tokens.get(1).isWord("zone")) {
      return new Change("timezone", value(tokens.subList(2, tokens.size())), local);
    }
    int at = nameEnd(tokens);
    if (at + 1 >= tokens.size() || !(tokens.get(at).isSymbol("=") || tokens.get(at).isWord("to"))) {
      throw incomplete("SET");
    }
    return new Change(
        name(tokens, at).toLowerCase(Locale.ROOT),
        value(tokens.subList(at + 1, tokens.size())),
        local);
  }

  private static SqlProblem incomplete(String verb) {
    return new SqlProblem(SqlState.SYNTAX_ERROR, "syntax error in " + verb);
  }

  private static int nameEnd(List<SqlToken> tokens) {
    int at = 1;
    while (at + 1 < tokens.size() && tokens.get(at).isSymbol(".")) {
      at += 2;
    }
    return at;
  }

  private static String name(List<SqlToken> tokens, int end) {
    var name = new StringBuilder();
    for (int i = 0; i < end; i++) {
      name.append(tokens.get(i).text());
    }
    return name.toString();
  }

  private static @Nullable String value(List<SqlToken> tokens) {
    if (tokens.size() == 1 && tokens.getFirst().isWord("default")) {
      return null;
    }
    var value = new StringBuilder();
    for (var token : tokens) {
      value.append(token.isSymbol(",") ? ", " : token.text());
    }
    return value.toString();
  }

  /** The name in DEALLOCATE [PREPARE] name; empty for ALL. */
  static String deallocated(Statement statement) {
    var tokens = statement.tokens();
    int at = tokens.size() > 2 && tokens.get(1).isWord("prepare") ? 2 : 1;
    if (tokens.size() != at + 1) {
      throw incomplete(statement.verb());
    }
    return tokens.get(at).isWord("all") ? "" : tokens.get(at).text();
  }

  /** What DISCARD is to forget: ALL, PLANS, SEQUENCES, TEMP. */
  static String discarded(Statement statement) {
    var what = statement.tokens().size() == 2 ? statement.tokens().get(1).text() : "";
    return switch (what) {
      case "all", "plans", "sequences", "temp" -> what.toUpperCase(Locale.ROOT);
      case "temporary" -> "TEMP";
      default -> throw incomplete(statement.verb());
    };
  }

  /** The name behind SHOW or RESET. */
  static String subject(Statement statement) {
    var tokens = statement.tokens();
    if (tokens.size() < 2) {
      throw incomplete(statement.verb());
    }
    if (statement.startsWith("show", "transaction", "isolation")) {
      return "transaction_isolation";
    }
    if (statement.startsWith("show", "time") || statement.startsWith("reset", "time")) {
      return "timezone";
    }
    return name(tokens.subList(1, tokens.size()), tokens.size() - 1).toLowerCase(Locale.ROOT);
  }
}
