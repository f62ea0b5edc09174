package io.millrace.sql.session;

import io.millrace.engine.state.Lane;
import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import io.millrace.sql.parse.Lexer;
import io.millrace.sql.parse.Normal;
import io.millrace.sql.parse.Statement;
import io.millrace.sql.plan.Planned;
import io.millrace.sql.plan.Planned.OutputColumn;
import io.millrace.sql.run.SessionInfo;
import io.millrace.sql.session.Prepared.Command;
import io.millrace.sql.types.PgType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One session. Statements run one at a time; only {@link #cancel} may come from another thread. */
public final class SqlSession implements AutoCloseable {
  private final Environment environment;
  private final SessionSettings settings;
  private final Planning planning;
  private final Executions executions;
  private final TransactionControl transactions;
  private final StatementRunner runner;
  private final List<SqlProblem> warnings = new ArrayList<>();
  private @Nullable Lane lane;

  /** A session of a client. */
  public SqlSession(Environment environment, SessionInfo info) {
    this.environment = environment;
    this.settings = new SessionSettings(environment.statementTimeoutMs());
    var limit = new TimeLimit(environment.timer(), settings);
    this.planning = new Planning(environment.plans(), limit);
    this.executions = new Executions(environment.metrics(), settings, limit);
    this.transactions =
        new TransactionControl(environment.snapshots(), environment.budget(), settings, this::warn);
    this.runner = new StatementRunner(environment, info, settings, transactions, executions);
  }

  /** The session's settings. */
  public SessionSettings settings() {
    return settings;
  }

  private void warn(SqlProblem warning) {
    if (settings.warns()) {
      warnings.add(warning);
    }
  }

  /** What the client is to be told beside the answer; told once. */
  public List<SqlProblem> takeWarnings() {
    if (warnings.isEmpty()) {
      return List.of();
    }
    var taken = List.copyOf(warnings);
    warnings.clear();
    return taken;
  }

  /** Changes a setting at the client's start-up. */
  public void startupSetting(String name, String value) {
    settings.set(name, value);
  }

  /** Transaction state as the protocol shows it: I, T or E. */
  public char transactionStatus() {
    return transactions.status();
  }

  /** Marks the transaction as failed after an error. */
  public void fail() {
    environment.metrics().failed();
    transactions.fail();
  }

  /**
   * From now on, until null is given, this session is used on the thread of a lane: what could
   * block or take long throws {@link NeedsWorkerException}, single keys are read from the live
   * entries, and one that is not in memory throws {@link
   * io.millrace.engine.state.NotResidentException}.
   */
  public void onLane(@Nullable Lane present) {
    lane = present;
  }

  /** Leaves an event loop. */
  public void needsWorker() {
    if (lane != null) {
      throw NeedsWorkerException.INSTANCE;
    }
  }

  /** True when no statement is half read. */
  public boolean quiet() {
    return executions.none();
  }

  /** Journal position that must be released before anything read so far may be shown. */
  public long unreleased() {
    return runner.unreleased();
  }

  /** Cuts a query into statements. */
  public List<Statement> statements(String sql) {
    return Lexer.statements(sql);
  }

  /** Reads and plans a statement; null stands for the empty one. */
  public Prepared prepare(@Nullable Statement statement, List<PgType> types) {
    if (statement == null) {
      return new Prepared(null, Command.EMPTY, null, null, types, List.of());
    }
    var command = SessionCommands.of(statement);
    refuseInFailed(command);
    return switch (command) {
      case PLAN -> {
        var normal = Normal.of(statement);
        var planned = plan(normal, types);
        yield new Prepared(statement, command, normal, planned, types, planned.columns());
      }
      case EXPLAIN, EXPLAIN_ANALYZE -> {
        var normal = Normal.of(SessionCommands.explained(statement));
        var planned = plan(normal, types);
        yield new Prepared(
            statement, command, normal, planned, types, List.of(StatementRunner.PLAN_COLUMN));
      }
      case SHOW -> new Prepared(statement, command, null, null, types, showColumns(statement));
      case CALL ->
          new Prepared(statement, command, null, null, types, Calls.of(statement).columns());
      default -> new Prepared(statement, command, null, null, types, List.of());
    };
  }

  private void refuseInFailed(Command command) {
    var ends =
        command == Command.ROLLBACK || command == Command.ROLLBACK_TO || command == Command.COMMIT;
    if (transactions.status() == 'E' && !ends) {
      throw new SqlProblem(
          SqlState.IN_FAILED_TRANSACTION,
          "current transaction is aborted, commands ignored until end of transaction block");
    }
  }

  private Planned plan(Normal normal, List<PgType> types) {
    var cached = environment.plans().cached(normal, types);
    if (cached != null) {
      return cached;
    }
    needsWorker();
    return planning.plan(normal, types);
  }

  /** Asks the running statement to end; any thread. */
  public void cancel() {
    planning.cancel();
    executions.cancel();
  }

  /** Runs a statement with parameter values in carrier form. */
  public StatementExecution execute(Prepared prepared, @Nullable Object[] parameters) {
    refuseInFailed(prepared.command());
    var present = lane;
    if (present == null) {
      return runner.run(fresh(prepared), parameters);
    }
    if (prepared.command() == Command.PLAN) {
      return runner.readKey(fresh(prepared), parameters, present);
    }
    runner.refuseOnLane(prepared.command());
    return runner.run(fresh(prepared), parameters);
  }

  /** The prepared statement, planned anew when the catalogue has changed. */
  private Prepared fresh(Prepared prepared) {
    var planned = prepared.planned();
    if (planned == null || planned.catalogVersion() == environment.plans().catalog().version()) {
      return prepared;
    }
    return prepare(prepared.statement(), prepared.types());
  }

  private static List<OutputColumn> showColumns(Statement statement) {
    var name = SessionCommands.subject(statement);
    if (!name.equals("all")) {
      return List.of(new OutputColumn(name, PgType.TEXT, 0, 0));
    }
    return List.of(
        new OutputColumn("name", PgType.TEXT, 0, 0),
        new OutputColumn("setting", PgType.TEXT, 0, 0),
        new OutputColumn("description", PgType.TEXT, 0, 0));
  }

  @Override
  public void close() {
    cancel();
    executions.close();
    transactions.close();
  }
}
