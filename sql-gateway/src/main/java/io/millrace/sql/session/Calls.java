package io.millrace.sql.session;

import io.millrace.engine.topology.StopEnded;
import io.millrace.engine.topology.TopologyControl;
import io.millrace.engine.topology.TopologyControl.Decision;
import io.millrace.engine.topology.TopologyControl.Which;
import io.millrace.engine.topology.TopologyException;
import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import io.millrace.sql.parse.SqlToken;
import io.millrace.sql.parse.Statement;
import io.millrace.sql.plan.Planned.OutputColumn;
import io.millrace.sql.types.PgType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The procedures that end stops of topologies: {@code call sys.resume('module/topology' [, 'depot'
 * [, partition [, offset]]])} and {@code call sys.skip('module/topology', 'depot', partition [,
 * offset])}; also as {@code select sys.resume(..)} and {@code select * from sys.resume(..)}, which
 * drivers make of a JDBC call. One row of text for each stop that was ended.
 */
final class Calls {
  private static final List<PgType> TYPES =
      List.of(PgType.TEXT, PgType.TEXT, PgType.INT8, PgType.INT8);
  private static final int PARTITION = 2;
  private static final int OFFSET = 3;

  private final Decision decision;
  private final List<SqlToken> arguments;

  private Calls(Decision decision, List<SqlToken> arguments) {
    this.decision = decision;
    this.arguments = arguments;
  }

  /** True for SELECT in one of the forms of a call. */
  static boolean selects(Statement statement) {
    var at = name(statement.tokens());
    return at > 0 && at + 3 < statement.tokens().size() && decision(statement.tokens(), at) != null;
  }

  /** Where {@code sys.procedure(} stands behind the words before it, or -1. */
  private static int name(List<SqlToken> tokens) {
    if (tokens.size() < 5) {
      return -1;
    }
    if (tokens.getFirst().isWord("call")) {
      return 1;
    }
    if (!tokens.getFirst().isWord("select")) {
      return -1;
    }
    return tokens.get(1).isSymbol("*") && tokens.get(2).isWord("from") ? 3 : 1;
  }

  private static @Nullable Decision decision(List<SqlToken> tokens, int at) {
    if (!tokens.get(at).isWord("sys")
        || !tokens.get(at + 1).isSymbol(".")
        || !tokens.get(at + 3).isSymbol("(")) {
      return null;
    }
    return switch (tokens.get(at + 2).text()) {
      case "resume" -> Decision.RESUME;
      case "skip" -> Decision.SKIP;
      default -> null;
    };
  }

  /** Reads a call. */
  static Calls of(Statement statement) {
    var tokens = statement.tokens();
    var at = name(tokens);
    var decision = at < 0 || at + 3 >= tokens.size() ? null : decision(tokens, at);
    if (decision == null) {
      throw SqlProblem.withHint(
          SqlState.UNDEFINED_FUNCTION,
          "there is no such procedure",
          "There are sys.resume('module/topology' [, 'depot' [, partition [, offset]]]) and"
              + " sys.skip('module/topology', 'depot', partition [, offset]).");
    }
    var arguments = arguments(tokens, at + 4);
    var least = decision == Decision.SKIP ? PARTITION + 1 : 1;
    if (arguments.size() < least || arguments.size() > TYPES.size()) {
      throw SqlProblem.withHint(
          SqlState.UNDEFINED_FUNCTION,
          "wrong number of arguments: " + arguments.size(),
          decision == Decision.SKIP
              ? "A skip gives up one event: sys.skip('module/topology', 'depot', partition)."
              : "sys.resume('module/topology' [, 'depot' [, partition [, offset]]]).");
    }
    return new Calls(decision, arguments);
  }

  private static List<SqlToken> arguments(List<SqlToken> tokens, int first) {
    var arguments = new ArrayList<SqlToken>();
    var at = first;
    while (at + 1 < tokens.size() && !tokens.get(at).isSymbol(")")) {
      var token = tokens.get(at);
      switch (token.kind()) {
        case STRING, INTEGER, PARAMETER -> arguments.add(token);
        case WORD -> {
          if (!token.isWord("null")) {
            throw syntax(token);
          }
          arguments.add(token);
        }
        default -> throw syntax(token);
      }
      at = behindCast(tokens, at + 1);
      if (tokens.get(at).isSymbol(",")) {
        at++;
      } else if (!tokens.get(at).isSymbol(")")) {
        throw syntax(tokens.get(at));
      }
    }
    if (at >= tokens.size() || !tokens.get(at).isSymbol(")")) {
      throw new SqlProblem(SqlState.SYNTAX_ERROR, "syntax error at end of input");
    }
    alias(tokens, at + 1);
    return arguments;
  }

  /** Drivers write {@code $1::varchar}; the types are known here. */
  private static int behindCast(List<SqlToken> tokens, int at) {
    return at + 2 < tokens.size() && tokens.get(at).isSymbol("::") ? at + 2 : at;
  }

  private static void alias(List<SqlToken> tokens, int at) {
    var rest = tokens.subList(at, tokens.size());
    var named =
        !rest.isEmpty() && rest.getFirst().isWord("as") ? rest.subList(1, rest.size()) : rest;
    if (named.size() > 1) {
      throw syntax(named.get(1));
    }
  }

  private static SqlProblem syntax(SqlToken token) {
    return new SqlProblem(
        SqlState.SYNTAX_ERROR,
        "syntax error at or near \"" + token.text() + "\"",
        token.start() + 1,
        null,
        null);
  }

  /**
   * Types of the parameters {@code $1} and so on.
   *
   * @param declared what the client has said about them, unknown where it left that to us
   */
  List<PgType> parameters(List<PgType> declared) {
    var types = new ArrayList<PgType>();
    for (var i = 0; i < arguments.size(); i++) {
      var token = arguments.get(i);
      if (token.kind() == SqlToken.Kind.PARAMETER) {
        var number = number(token);
        while (types.size() < number) {
          types.add(PgType.TEXT);
        }
        var said = number <= declared.size() ? declared.get(number - 1) : PgType.UNKNOWN;
        types.set(number - 1, said == PgType.UNKNOWN ? TYPES.get(i) : said);
      }
    }
    return types;
  }

  private static int number(SqlToken parameter) {
    var text = parameter.text();
    var number = text.startsWith("$") ? text.substring(1) : text;
    if (number.isEmpty() || number.length() > 2 || number.equals("0")) {
      throw syntax(parameter);
    }
    return Integer.parseInt(number);
  }

  /** The column of the result. */
  List<OutputColumn> columns() {
    return List.of(new OutputColumn(decision.name().toLowerCase(Locale.ROOT), PgType.TEXT, 0, 0));
  }

  /** Ends the stops, and waits until that is released: on a worker. */
  List<@Nullable Object[]> run(TopologyControl control, @Nullable Object[] given) {
    var topology = value(0, given);
    if (topology == null) {
      throw new SqlProblem(SqlState.INVALID_PARAMETER, "the topology must not be null");
    }
    var depot = value(1, given);
    var partition = number(PARTITION, given, Integer.MAX_VALUE);
    var offset = number(OFFSET, given, Long.MAX_VALUE);
    List<StopEnded> ended;
    try {
      ended =
          control.end(
              topology.toString(),
              new Which(depot == null ? null : depot.toString(), (int) partition, offset),
              decision);
    } catch (TopologyException refused) {
      throw problem(refused);
    }
    var rows = new ArrayList<@Nullable Object[]>();
    ended.forEach(one -> rows.add(new Object[] {one.text()}));
    return rows;
  }

  private @Nullable Object value(int at, @Nullable Object[] given) {
    if (at >= arguments.size()) {
      return null;
    }
    var token = arguments.get(at);
    return switch (token.kind()) {
      case PARAMETER -> given[number(token) - 1];
      case WORD -> null;
      default -> token.text();
    };
  }

  private long number(int at, @Nullable Object[] given, long most) {
    var value = value(at, given);
    if (value == null) {
      return -1;
    }
    try {
      var number = Long.parseLong(value.toString());
      if (number >= 0 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below, like a number that is out of range.
    }
    throw new SqlProblem(
        SqlState.INVALID_PARAMETER,
        (at == PARTITION ? "the partition" : "the offset")
            + " is a number from 0 on, not "
            + value);
  }

  private static SqlProblem problem(TopologyException refused) {
    var state =
        switch (refused.reason()) {
          case UNKNOWN_TOPOLOGY, UNKNOWN_DEPOT -> SqlState.UNDEFINED_OBJECT;
          case NO_PARTITION, NOT_NAMED -> SqlState.INVALID_PARAMETER;
          case NOT_STOPPED, OTHER_OFFSET -> SqlState.NOT_IN_STATE;
          case NO_SPACE -> SqlState.DISK_FULL;
          case BUSY -> SqlState.OUT_OF_MEMORY;
          case TIMEOUT -> SqlState.QUERY_CANCELED;
        };
    return new SqlProblem(state, refused.reason().code() + ": " + refused.getMessage());
  }
}
