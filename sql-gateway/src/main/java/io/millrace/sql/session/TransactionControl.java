package io.millrace.sql.session;

import io.millrace.engine.table.PreparedRows;
import io.millrace.engine.table.Table;
import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import io.millrace.sql.expr.SqlValues;
import io.millrace.sql.parse.Statement;
import io.millrace.sql.run.MemoryBudget;
import io.millrace.sql.run.SnapshotSource;
import io.millrace.sql.session.Prepared.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The transaction statements of a session; each answers its tag. */
final class TransactionControl {
  private final SnapshotSource snapshots;
  private final MemoryBudget budget;
  private final SessionSettings settings;
  private final Consumer<SqlProblem> warnings;
  private @Nullable Transaction transaction;

  TransactionControl(
      SnapshotSource snapshots,
      MemoryBudget budget,
      SessionSettings settings,
      Consumer<SqlProblem> warnings) {
    this.budget = budget;
    this.warnings = warnings;
    this.snapshots = snapshots;
    this.settings = settings;
  }

  /** As the protocol shows it: I outside of a block, T inside, E after an error in it. */
  char status() {
    var present = transaction;
    return present == null ? 'I' : present.failed() ? 'E' : 'T';
  }

  /** A statement has failed. */
  void fail() {
    if (transaction != null) {
      transaction.fail();
    }
  }

  /** Where the statements of the moment read. */
  SnapshotSource source() {
    if (transaction == null) {
      return snapshots;
    }
    transaction.used();
    return transaction.snapshot();
  }

  /** True when the end of the block has something to append or to let go. */
  boolean holdsAnything() {
    return transaction != null && (transaction.appends() || transaction.snapshot().isOpen());
  }

  /** Checks rows, and appends them now or at the end of the block. */
  void append(Table table, List<@Nullable Object[]> rows) {
    var ready = prepareRows(table, rows);
    if (transaction == null) {
      table.append(List.of(ready));
      warnOfStops(table);
    } else {
      transaction.append(table, ready, bytes(rows));
    }
  }

  /** The values, and the event that was made of them. */
  private static long bytes(List<@Nullable Object[]> rows) {
    return 2 * rows.stream().mapToLong(row -> SqlValues.rowBytes(row, row.length)).sum();
  }

  /** Everything that can be wrong with rows by themselves is found here, at their statement. */
  @SuppressWarnings("NullAway") // cells of appended rows may be null
  private static PreparedRows prepareRows(Table table, List<@Nullable Object[]> rows) {
    try {
      return table.prepare(new ArrayList<>(rows));
    } catch (UnsupportedOperationException refused) {
      throw SqlProblem.unsupported(
          "cannot insert into \"" + table.name() + "\"", refused.getMessage());
    } catch (IllegalArgumentException bad) {
      throw new SqlProblem(
          SqlState.INVALID_PARAMETER, String.valueOf(bad.getMessage()), 0, null, bad);
    }
  }

  /** Refuses what writes where nothing may be written. */
  void refuseReadOnly() {
    if (transaction == null ? settings.defaultReadOnly() : transaction.readOnly()) {
      throw new SqlProblem(
          SqlState.READ_ONLY_TRANSACTION, "cannot execute INSERT in a read-only transaction");
    }
  }

  /** BEGIN: another one inside a block only brings its modes. */
  String begin(Statement statement) {
    var readOnly = TransactionWords.begin(statement);
    var present = transaction;
    if (present == null) {
      present = new Transaction(snapshots, budget, settings);
      transaction = present;
    } else {
      warnings.accept(
          new SqlProblem(
              SqlState.ACTIVE_TRANSACTION, "there is already a transaction in progress"));
    }
    if (readOnly != null) {
      present.access(readOnly);
    }
    return statement.verb().equals("START") ? "START TRANSACTION" : "BEGIN";
  }

  /** SAVEPOINT, RELEASE and ROLLBACK TO. */
  String savepoint(Statement statement, Command command) {
    var name = TransactionWords.savepoint(statement);
    var present = transaction;
    if (present == null) {
      var what =
          switch (command) {
            case RELEASE -> "RELEASE SAVEPOINT";
            case ROLLBACK_TO -> "ROLLBACK TO SAVEPOINT";
            default -> "SAVEPOINT";
          };
      throw new SqlProblem(
          SqlState.NO_ACTIVE_TRANSACTION, what + " can only be used in transaction blocks");
    }
    switch (command) {
      case RELEASE -> present.release(name);
      case ROLLBACK_TO -> present.rollbackTo(name);
      default -> present.savepoint(name);
    }
    return statement.verb();
  }

  /** COMMIT; a failed block is rolled back. */
  String commit(Statement statement) {
    var ending = transaction;
    if (ending != null && ending.failed()) {
      return rollback(statement);
    }
    var chain = chain(statement);
    if (ending == null) {
      warnOfNone();
      return "COMMIT";
    }
    var appended = false;
    try {
      ending.appendAll();
      appended = true;
    } finally {
      end(ending, appended);
    }
    warnOfStops(ending.table());
    if (chain) {
      next(ending);
    }
    return "COMMIT";
  }

  private void warnOfStops(@Nullable Table appended) {
    if (appended != null) {
      StopWarnings.of(snapshots.topologies(), appended).forEach(warnings);
    }
  }

  /** ROLLBACK. */
  String rollback(Statement statement) {
    var ending = transaction;
    var chain = chain(statement);
    close();
    if (ending == null) {
      warnOfNone();
    } else if (chain) {
      next(ending);
    }
    return "ROLLBACK";
  }

  private void warnOfNone() {
    warnings.accept(
        new SqlProblem(SqlState.NO_ACTIVE_TRANSACTION, "there is no transaction in progress"));
  }

  private boolean chain(Statement statement) {
    var chain = TransactionWords.chain(statement);
    if (chain && transaction == null) {
      throw new SqlProblem(
          SqlState.NO_ACTIVE_TRANSACTION,
          statement.verb() + " AND CHAIN can only be used in transaction blocks");
    }
    return chain;
  }

  /** Begins a block with the modes of one that has ended. */
  private void next(Transaction ended) {
    var next = new Transaction(snapshots, budget, settings);
    next.access(ended.readOnly());
    transaction = next;
  }

  /** Gives up what is under way. */
  void close() {
    if (transaction != null) {
      end(transaction, false);
    }
  }

  private void end(Transaction ending, boolean well) {
    transaction = null;
    try (ending) {
      if (well) {
        ending.committed();
      } else {
        ending.rolledBack();
      }
    }
  }

  /** SET in all its forms. */
  void set(Statement statement) {
    if (statement.startsWith("set", "session", "characteristics", "as", "transaction")) {
      var readOnly = TransactionWords.modes(statement, 5);
      if (readOnly != null) {
        settings.set(SessionSettings.DEFAULT_READ_ONLY, readOnly ? "on" : "off");
      }
      return;
    }
    if (statement.startsWith("set", "transaction")) {
      access(TransactionWords.modes(statement, 2));
      return;
    }
    var change = SessionCommands.change(statement);
    if (change != null) {
      change(change);
    }
  }

  /** DISCARD; the statements that are forgotten are the protocol's. */
  String discard(Statement statement) {
    var what = SessionCommands.discarded(statement);
    if (what.equals("ALL")) {
      if (transaction != null) {
        throw new SqlProblem(
            SqlState.ACTIVE_TRANSACTION, "DISCARD ALL cannot run inside a transaction block");
      }
      reset("all");
    }
    return "DISCARD " + what;
  }

  /** RESET: in a block its effect goes with the block, as that of SET. */
  void reset(String name) {
    if (!name.equals("all")) {
      change(new SessionCommands.Change(name, null, false));
      return;
    }
    for (var changed : settings.changed()) {
      change(new SessionCommands.Change(changed, null, false));
    }
  }

  /** A mode of the transaction of the moment; without a block there is none to change. */
  private void access(@Nullable Boolean readOnly) {
    if (transaction != null && readOnly != null) {
      transaction.access(readOnly);
    }
  }

  private void change(SessionCommands.Change change) {
    var name = change.name();
    if (name.equals(SessionSettings.READ_ONLY)) {
      var value = change.value();
      access(value == null ? settings.defaultReadOnly() : SessionSettings.flag(name, value));
      return;
    }
    var present = transaction;
    if (present != null && name.equals(SessionSettings.AFTER) && present.snapshot().isOpen()) {
      throw SqlProblem.withHint(
          SqlState.ACTIVE_TRANSACTION,
          SessionSettings.AFTER + " must be set before the first query of a transaction",
          "A transaction reads one snapshot; end it first.");
    }
    if (present == null && change.local()) {
      warnings.accept(
          new SqlProblem(
              SqlState.NO_ACTIVE_TRANSACTION, "SET LOCAL can only be used in transaction blocks"));
      return;
    }
    if (present != null) {
      present.changing(name, change.local());
    }
    settings.set(name, change.value());
  }
}
