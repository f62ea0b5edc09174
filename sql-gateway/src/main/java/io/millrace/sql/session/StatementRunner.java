package io.millrace.sql.session;

import io.millrace.engine.state.Lane;
import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import io.millrace.sql.exec.Appending;
import io.millrace.sql.exec.Batch;
import io.millrace.sql.exec.KeyReading;
import io.millrace.sql.exec.PlanPrinter;
import io.millrace.sql.parse.Statement;
import io.millrace.sql.plan.Planned.OutputColumn;
import io.millrace.sql.run.ExecContext;
import io.millrace.sql.run.LiveSnapshot;
import io.millrace.sql.run.Profile;
import io.millrace.sql.run.SessionInfo;
import io.millrace.sql.session.Prepared.Command;
import io.millrace.sql.types.PgType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Runs the statements of a session, whose plans are up to date. */
final class StatementRunner {
  static final OutputColumn PLAN_COLUMN = new OutputColumn("QUERY PLAN", PgType.TEXT, 0, 0);

  private final Environment environment;
  private final SessionInfo info;
  private final SessionSettings settings;
  private final TransactionControl transactions;
  private final Executions executions;
  private long unreleased;

  StatementRunner(
      Environment environment,
      SessionInfo info,
      SessionSettings settings,
      TransactionControl transactions,
      Executions executions) {
    this.environment = environment;
    this.info = info;
    this.settings = settings;
    this.transactions = transactions;
    this.executions = executions;
  }

  /** Journal position that must be released before anything read so far may be shown. */
  long unreleased() {
    return unreleased;
  }

  /** Runs a statement. */
  StatementExecution run(Prepared prepared, @Nullable Object[] parameters) {
    return switch (prepared.command()) {
      case PLAN -> plan(prepared, parameters);
      case EXPLAIN -> Answer.rows(List.of(PLAN_COLUMN), lines(prepared, null), "EXPLAIN");
      case EXPLAIN_ANALYZE -> analyze(prepared, parameters);
      case EMPTY -> Answer.done("");
      case BEGIN -> Answer.done(transactions.begin(statement(prepared)));
      case COMMIT -> Answer.done(transactions.commit(statement(prepared)));
      case ROLLBACK -> Answer.done(transactions.rollback(statement(prepared)));
      case SAVEPOINT, RELEASE, ROLLBACK_TO ->
          Answer.done(transactions.savepoint(statement(prepared), prepared.command()));
      case SET -> {
        transactions.set(statement(prepared));
        yield Answer.done("SET");
      }
      case RESET -> {
        transactions.reset(SessionCommands.subject(statement(prepared)));
        yield Answer.done("RESET");
      }
      case SHOW -> show(SessionCommands.subject(statement(prepared)), prepared.columns());
      case DISCARD -> Answer.done(transactions.discard(statement(prepared)));
      case DEALLOCATE ->
          Answer.done("".equals(prepared.forgets()) ? "DEALLOCATE ALL" : "DEALLOCATE");
      case CALL -> call(prepared, parameters);
    };
  }

  private static Statement statement(Prepared prepared) {
    return Objects.requireNonNull(prepared.statement());
  }

  private static List<@Nullable Object[]> lines(Prepared prepared, @Nullable Profile profile) {
    var root = Objects.requireNonNull(prepared.planned()).root();
    var rows = new ArrayList<@Nullable Object[]>();
    PlanPrinter.lines(root, profile).forEach(line -> rows.add(new Object[] {line}));
    return rows;
  }

  private StatementExecution analyze(Prepared prepared, @Nullable Object[] parameters) {
    var profile = new Profile();
    if (Objects.requireNonNull(prepared.planned()).insert()) {
      transactions.refuseReadOnly();
    }
    try (var execution = start(prepared, parameters, profile)) {
      long rows = 0;
      for (var batch = execution.next(); batch != null; batch = execution.next()) {
        rows += batch.count;
      }
      execution.tag(rows);
      var lines = lines(prepared, profile);
      lines.add(new Object[] {"Journal position: " + execution.context().position()});
      return Answer.rows(List.of(PLAN_COLUMN), lines, "EXPLAIN");
    }
  }

  private StatementExecution plan(Prepared prepared, @Nullable Object[] parameters) {
    var planned = Objects.requireNonNull(prepared.planned());
    if (!(planned.root() instanceof Appending insert)) {
      return start(prepared, parameters, null);
    }
    transactions.refuseReadOnly();
    try (var execution = start(prepared, parameters, null)) {
      var rows = insert.rows(execution.context());
      transactions.append(insert.table(), rows);
      return Answer.done("INSERT 0 " + rows.size());
    }
  }

  /** Lets an event loop do what touches nothing but the session. */
  void refuseOnLane(Command command) {
    switch (command) {
      case EXPLAIN, EXPLAIN_ANALYZE, CALL -> throw NeedsWorkerException.INSTANCE;
      case COMMIT, ROLLBACK -> {
        if (transactions.holdsAnything()) {
          throw NeedsWorkerException.INSTANCE;
        }
      }
      default -> {}
    }
  }

  /** Reads one key from the live entries; outside of transactions, which read one snapshot. */
  StatementExecution readKey(Prepared prepared, @Nullable Object[] parameters, Lane present) {
    var planned = Objects.requireNonNull(prepared.planned());
    if (transactions.status() != 'I'
        || settings.afterToken() != null
        || !(planned.root() instanceof KeyReading scan && scan.liveKeyGet())) {
      throw NeedsWorkerException.INSTANCE;
    }
    var begin = System.nanoTime();
    var live = new LiveSnapshot(present);
    var ctx =
        new ExecContext(
            planned.bind(parameters, Objects.requireNonNull(prepared.normal())),
            token -> live,
            null,
            0,
            environment.budget(),
            info,
            environment.clock().millis());
    @Nullable Batch batch;
    try (ctx) {
      batch = planned.root().open(ctx).next();
    } finally {
      // An error says something about what was read, too.
      unreleased = Math.max(unreleased, live.position());
    }
    settings.position(live.position());
    environment.metrics().started(0, true);
    environment.metrics().ended(batch == null ? 0 : batch.count, System.nanoTime() - begin);
    return new KeyRead(planned.columns(), batch);
  }

  private Executions.Running start(
      Prepared prepared, @Nullable Object[] parameters, @Nullable Profile profile) {
    var planned = Objects.requireNonNull(prepared.planned());
    var normal = Objects.requireNonNull(prepared.normal());
    var ctx =
        new ExecContext(
            planned.bind(parameters, normal),
            transactions.source(),
            settings.afterToken(),
            settings.timeoutMs(),
            environment.budget(),
            info,
            environment.clock().millis());
    if (profile != null) {
      ctx.profile(profile);
    }
    var scan = planned.root() instanceof KeyReading node ? node : null;
    environment.metrics().started(planned.root().fallbacks(), scan != null && scan.keyGet());
    return executions.start(planned, ctx, scan != null && scan.plainKeyGet());
  }

  private StatementExecution show(String name, List<OutputColumn> columns) {
    var rows = new ArrayList<@Nullable Object[]>();
    if (name.equals("all")) {
      for (Map.Entry<String, String> entry : settings.all().entrySet()) {
        rows.add(new Object[] {entry.getKey(), entry.getValue(), ""});
      }
    } else {
      rows.add(new Object[] {settings.get(name)});
    }
    return Answer.rows(columns, rows, "SHOW");
  }

  /** What a topology is told cannot be taken back, so it must not look as if a ROLLBACK could. */
  private StatementExecution call(Prepared prepared, @Nullable Object[] parameters) {
    if (transactions.status() != 'I') {
      throw new SqlProblem(
          SqlState.ACTIVE_TRANSACTION, "CALL cannot run inside a transaction block");
    }
    var call = Calls.of(statement(prepared));
    var rows = call.run(environment.snapshots().topologies(), parameters);
    return Answer.rows(prepared.columns(), rows, "CALL");
  }
}
