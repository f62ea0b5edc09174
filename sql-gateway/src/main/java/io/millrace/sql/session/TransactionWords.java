package io.millrace.sql.session;

import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import io.millrace.sql.parse.SqlToken;
import io.millrace.sql.parse.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the transaction statements: modes and names of savepoints. */
final class TransactionWords {
  private final List<SqlToken> tokens;
  private int at;

  private TransactionWords(Statement statement, int at) {
    this.tokens = statement.tokens();
    this.at = at;
  }

  /** True when ROLLBACK names a savepoint. */
  static boolean toSavepoint(Statement statement) {
    var words = new TransactionWords(statement, 1);
    words.noise();
    return words.takes("to");
  }

  /** The name in SAVEPOINT name, RELEASE [SAVEPOINT] name, ROLLBACK [WORK] TO [SAVEPOINT] name. */
  static String savepoint(Statement statement) {
    var words = new TransactionWords(statement, 1);
    if (!statement.verb().equals("SAVEPOINT")) {
      words.noise();
      words.takes("to");
      if (words.at + 1 < words.tokens.size()) {
        words.takes("savepoint");
      }
    }
    var name = words.next();
    if (name == null
        || (name.kind() != SqlToken.Kind.WORD && name.kind() != SqlToken.Kind.QUOTED)) {
      throw words.unexpected(name);
    }
    words.end();
    return name.text();
  }

  /** READ ONLY as true, READ WRITE as false, null when neither is said. */
  static @Nullable Boolean begin(Statement statement) {
    var words = new TransactionWords(statement, 1);
    words.noise();
    return words.modes();
  }

  /**
   * The same for SET TRANSACTION and SET SESSION CHARACTERISTICS AS TRANSACTION.
   *
   * @param from index of the first mode
   */
  static @Nullable Boolean modes(Statement statement, int from) {
    var words = new TransactionWords(statement, from);
    if (from >= statement.tokens().size()) {
      throw words.unexpected(null);
    }
    return words.modes();
  }

  /** Whether COMMIT or ROLLBACK begins the next block at once: AND CHAIN. */
  static boolean chain(Statement statement) {
    var words = new TransactionWords(statement, 1);
    words.noise();
    if (words.takes("prepared")) {
      throw SqlProblem.unsupported("prepared transactions are not supported", null);
    }
    boolean chain = false;
    if (words.takes("and")) {
      chain = !words.takes("no");
      words.need("chain");
    }
    words.end();
    return chain;
  }

  private void noise() {
    if (!takes("work")) {
      takes("transaction");
    }
  }

  private @Nullable Boolean modes() {
    Boolean readOnly = null;
    boolean more = at < tokens.size();
    while (more) {
      if (takes("read")) {
        if (takes("only")) {
          readOnly = true;
        } else {
          need("write");
          readOnly = false;
        }
      } else if (takes("isolation")) {
        need("level");
        level();
      } else {
        takes("not");
        need("deferrable");
      }
      boolean comma = at < tokens.size() && tokens.get(at).isSymbol(",");
      at += comma ? 1 : 0;
      more = comma || at < tokens.size();
    }
    return readOnly;
  }

  private void level() {
    if (takes("read")) {
      if (!takes("committed")) {
        need("uncommitted");
      }
    } else if (takes("repeatable")) {
      need("read");
    } else {
      need("serializable");
    }
  }

  private boolean takes(String word) {
    if (at < tokens.size() && tokens.get(at).isWord(word)) {
      at++;
      return true;
    }
    return false;
  }

  private void need(String word) {
    if (!takes(word)) {
      throw unexpected(at < tokens.size() ? tokens.get(at) : null);
    }
  }

  private @Nullable SqlToken next() {
    return at < tokens.size() ? tokens.get(at++) : null;
  }

  private void end() {
    if (at < tokens.size()) {
      throw unexpected(tokens.get(at));
    }
  }

  private SqlProblem unexpected(@Nullable SqlToken token) {
    return token == null
        ? new SqlProblem(SqlState.SYNTAX_ERROR, "syntax error at end of input")
        : new SqlProblem(
            SqlState.SYNTAX_ERROR,
            "syntax error at or near \"" + token.text() + "\"",
            token.start() + 1,
            null,
            null);
  }
}
