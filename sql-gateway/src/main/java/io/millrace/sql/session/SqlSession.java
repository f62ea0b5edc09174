package io.millrace.sql.session;

import io.millrace.engine.state.Lane;
import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import io.millrace.sql.exec.Appending;
import io.millrace.sql.exec.Batch;
import io.millrace.sql.exec.KeyReading;
import io.millrace.sql.exec.PlanPrinter;
import io.millrace.sql.parse.Lexer;
import io.millrace.sql.parse.Normal;
import io.millrace.sql.parse.Statement;
import io.millrace.sql.plan.Planned;
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
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.calcite.util.CancelFlag;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One session. Statements run one at a time; only {@link #cancel} may come from another thread. */
public final class SqlSession implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SqlSession.class);
  private static final OutputColumn PLAN_COLUMN = new OutputColumn("QUERY PLAN", PgType.TEXT, 0, 0);

  private static final String TIMEOUT = "canceling statement due to statement timeout";
  private static final String USER_REQUEST = "canceling statement due to user request";

  private final Environment environment;
  private final SessionInfo info;
  private final SessionSettings settings;
  private final List<Running> running = new ArrayList<>();
  private volatile @Nullable CancelFlag planning;
  private volatile @Nullable Running newest;
  private final TransactionControl transactions;
  private final List<SqlProblem> warnings = new ArrayList<>();
  private @Nullable Lane lane;
  private long unreleased;

  /** A session of a client. */
  public SqlSession(Environment environment, SessionInfo info) {
    this.environment = environment;
    this.info = info;
    this.settings = new SessionSettings(environment.statementTimeoutMs());
    this.transactions =
        new TransactionControl(environment.snapshots(), environment.budget(), settings, this::warn);
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
    return running.isEmpty();
  }

  /** Journal position that must be released before anything read so far may be shown. */
  public long unreleased() {
    return unreleased;
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
        yield new Prepared(statement, command, normal, planned, types, List.of(PLAN_COLUMN));
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
    var flag = new CancelFlag(new AtomicBoolean());
    planning = flag;
    var late = new AtomicBoolean();
    var timeout =
        schedule(() -> {
          late.set(true);
          flag.requestCancel();
        });
    try {
      return environment.plans().plan(normal, types, flag);
    } catch (RuntimeException problem) {
      // A planner that was told to stop may say that it has found no plan.
      if (flag.isCancelRequested()) {
        throw canceled(late.get() ? TIMEOUT : USER_REQUEST);
      }
      warnOfCatalogue(normal, problem);
      throw problem;
    } finally {
      planning = null;
      if (timeout != null) {
        timeout.cancel(false);
      }
    }
  }

  /** A tool asked the catalogue something we have no answer to: worth knowing. */
  private static void warnOfCatalogue(Normal normal, RuntimeException problem) {
    if (normal.shape().contains("pg_") || normal.shape().contains("information_schema")) {
      LOG.warn("catalogue statement not answered ({}): {}", problem.getMessage(), normal.shape());
    }
  }

  private @Nullable Future<?> schedule(Runnable end) {
    return settings.timeoutMs() == 0
        ? null
        : environment.timer().schedule(end, settings.timeoutMs(), TimeUnit.MILLISECONDS);
  }

  private static SqlProblem canceled(String message) {
    return new SqlProblem(SqlState.QUERY_CANCELED, message);
  }

  /** Asks the running statement to end; any thread. */
  public void cancel() {
    var flag = planning;
    if (flag != null) {
      flag.requestCancel();
    }
    var current = newest;
    if (current != null) {
      current.ctx.cancel(canceled(USER_REQUEST));
    }
  }

  /** Runs a statement with parameter values in carrier form. */
  public StatementExecution execute(Prepared prepared, @Nullable Object[] parameters) {
    refuseInFailed(prepared.command());
    var present = lane;
    if (present != null) {
      if (prepared.command() == Command.PLAN) {
        return readKey(fresh(prepared), parameters, present);
      }
      refuseOnLane(prepared.command());
    }
    return switch (prepared.command()) {
      case PLAN -> run(fresh(prepared), parameters);
      case EXPLAIN -> rows(List.of(PLAN_COLUMN), lines(fresh(prepared), null), "EXPLAIN");
      case EXPLAIN_ANALYZE -> analyze(fresh(prepared), parameters);
      case EMPTY -> done("");
      case BEGIN -> done(transactions.begin(statement(prepared)));
      case COMMIT -> done(transactions.commit(statement(prepared)));
      case ROLLBACK -> done(transactions.rollback(statement(prepared)));
      case SAVEPOINT, RELEASE, ROLLBACK_TO ->
          done(transactions.savepoint(statement(prepared), prepared.command()));
      case SET -> {
        transactions.set(statement(prepared));
        yield done("SET");
      }
      case RESET -> {
        transactions.reset(SessionCommands.subject(statement(prepared)));
        yield done("RESET");
      }
      case SHOW -> show(SessionCommands.subject(statement(prepared)), prepared.columns());
      case DISCARD -> done(transactions.discard(statement(prepared)));
      case DEALLOCATE -> done("".equals(prepared.forgets()) ? "DEALLOCATE ALL" : "DEALLOCATE");
      case CALL -> call(prepared, parameters);
    };
  }

  private static Statement statement(Prepared prepared) {
    return java.util.Objects.requireNonNull(prepared.statement());
  }

  /** The prepared statement, planned anew when the catalogue has changed. */
  private Prepared fresh(Prepared prepared) {
    var planned = java.util.Objects.requireNonNull(prepared.planned());
    if (planned.catalogVersion() == environment.plans().catalog().version()) {
      return prepared;
    }
    return prepare(prepared.statement(), prepared.types());
  }

  private static List<@Nullable Object[]> lines(Prepared prepared, @Nullable Profile profile) {
    var root = java.util.Objects.requireNonNull(prepared.planned()).root();
    var rows = new ArrayList<@Nullable Object[]>();
    PlanPrinter.lines(root, profile).forEach(line -> rows.add(new Object[] {line}));
    return rows;
  }

  private StatementExecution analyze(Prepared prepared, @Nullable Object[] parameters) {
    var profile = new Profile();
    if (java.util.Objects.requireNonNull(prepared.planned()).insert()) {
      transactions.refuseReadOnly();
    }
    try (var execution = start(prepared, parameters, profile)) {
      long rows = 0;
      for (var batch = execution.next(); batch != null; batch = execution.next()) {
        rows += batch.count;
      }
      execution.tag(rows);
      var lines = lines(prepared, profile);
      lines.add(new Object[] {"Journal position: " + execution.ctx.position()});
      return rows(List.of(PLAN_COLUMN), lines, "EXPLAIN");
    }
  }

  private StatementExecution run(Prepared prepared, @Nullable Object[] parameters) {
    var planned = java.util.Objects.requireNonNull(prepared.planned());
    if (!(planned.root() instanceof Appending insert)) {
      return start(prepared, parameters, null);
    }
    transactions.refuseReadOnly();
    try (var execution = start(prepared, parameters, null)) {
      var rows = insert.rows(execution.ctx);
      transactions.append(insert.table(), rows);
      return done("INSERT 0 " + rows.size());
    }
  }

  /** Lets an event loop do what touches nothing but the session. */
  private void refuseOnLane(Command command) {
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
  private StatementExecution readKey(
      Prepared prepared, @Nullable Object[] parameters, Lane present) {
    var planned = java.util.Objects.requireNonNull(prepared.planned());
    if (transactions.status() != 'I'
        || settings.afterToken() != null
        || !(planned.root() instanceof KeyReading scan && scan.liveKeyGet())) {
      throw NeedsWorkerException.INSTANCE;
    }
    var begin = System.nanoTime();
    var live = new LiveSnapshot(present);
    var ctx =
        new ExecContext(
            planned.bind(parameters, java.util.Objects.requireNonNull(prepared.normal())),
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

  private Running start(
      Prepared prepared, @Nullable Object[] parameters, @Nullable Profile profile) {
    var planned = java.util.Objects.requireNonNull(prepared.planned());
    var normal = java.util.Objects.requireNonNull(prepared.normal());
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
    return new Running(planned, ctx, scan != null && scan.plainKeyGet());
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

  private StatementExecution show(String name, List<OutputColumn> columns) {
    var rows = new ArrayList<@Nullable Object[]>();
    if (name.equals("all")) {
      for (Map.Entry<String, String> entry : settings.all().entrySet()) {
        rows.add(new Object[] {entry.getKey(), entry.getValue(), ""});
      }
    } else {
      rows.add(new Object[] {settings.get(name)});
    }
    return rows(columns, rows, "SHOW");
  }

  /** What a topology is told cannot be taken back, so it must not look as if a ROLLBACK could. */
  private StatementExecution call(Prepared prepared, @Nullable Object[] parameters) {
    if (transactions.status() != 'I') {
      throw new SqlProblem(
          SqlState.ACTIVE_TRANSACTION, "CALL cannot run inside a transaction block");
    }
    var call = Calls.of(statement(prepared));
    var rows = call.run(environment.snapshots().topologies(), parameters);
    return rows(prepared.columns(), rows, "CALL");
  }

  private static StatementExecution done(String tag) {
    return rows(List.of(), List.of(), tag);
  }

  private static StatementExecution rows(
      List<OutputColumn> columns, List<@Nullable Object[]> rows, String tag) {
    return new StatementExecution() {
      private boolean given;

      @Override
      public List<OutputColumn> columns() {
        return columns;
      }

      @Override
      public @Nullable Batch next() {
        if (given || rows.isEmpty()) {
          return null;
        }
        given = true;
        return new Batch(rows.toArray(new Object[0][]), rows.size());
      }

      @Override
      public String tag(long count) {
        return tag;
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void close() {
    cancel();
    for (var execution : List.copyOf(running)) {
      execution.close();
    }
    transactions.close();
  }

  /** A plan that runs. */
  private final class Running implements StatementExecution {
    private final Planned planned;
    private final ExecContext ctx;
    private final boolean brief;
    private @Nullable Future<?> timeout;
    private boolean paused;
    private io.millrace.sql.exec.@Nullable Operator root;
    private long rows;
    private long nanos;
    private boolean closed;

    /** A plan that starts; without a timer when it is known to end at once. */
    Running(Planned planned, ExecContext ctx, boolean brief) {
      this.planned = planned;
      this.ctx = ctx;
      this.brief = brief;
      running.add(this);
      resume();
    }

    private void resume() {
      paused = false;
      timeout = brief ? null : schedule(() -> ctx.cancel(canceled(TIMEOUT)));
      newest = this;
    }

    /** The client's time between two parts of an answer is no time of the statement. */
    @Override
    public void pause() {
      paused = true;
      stopTimer();
    }

    private void stopTimer() {
      if (newest == this) {
        newest = null;
      }
      if (timeout != null) {
        timeout.cancel(false);
      }
    }

    @Override
    public List<OutputColumn> columns() {
      return planned.columns();
    }

    @Override
    public @Nullable Batch next() {
      if (paused) {
        resume();
      }
      ctx.check();
      var begin = System.nanoTime();
      try {
        if (root == null) {
          root = planned.root().open(ctx);
        }
        var batch = root.next();
        if (batch != null) {
          rows += batch.count;
        }
        return batch;
      } catch (StackOverflowError deep) {
        throw new SqlProblem(SqlState.TOO_COMPLEX, "statement is too complex");
      } finally {
        nanos += System.nanoTime() - begin;
      }
    }

    @Override
    public String tag(long count) {
      return "SELECT " + count;
    }

    @Override
    public void close() {
      if (closed) {
        return;
      }
      closed = true;
      running.remove(this);
      stopTimer();
      environment.metrics().ended(rows, nanos);
      if (ctx.position() >= 0) {
        settings.position(ctx.position());
      }
      try {
        if (root != null) {
          root.close();
        }
      } finally {
        ctx.close();
      }
    }
  }
}
