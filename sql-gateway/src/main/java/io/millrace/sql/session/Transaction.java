package io.millrace.sql.session;

import io.millrace.engine.table.PreparedRows;
import io.millrace.engine.table.Table;
import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import io.millrace.sql.run.MemoryBudget;
import io.millrace.sql.run.SnapshotSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A transaction block: one snapshot for all that it reads, the rows it will append at its end, and
 * the savepoints it can go back to.
 */
final class Transaction implements AutoCloseable {
  /** What ROLLBACK TO brings back. */
  private record Savepoint(
      String name,
      @Nullable Table table,
      int rows,
      long kept,
      boolean readOnly,
      Map<String, String> settings,
      Map<String, String> locals) {}

  private final TransactionSnapshot snapshot;
  private final MemoryBudget budget;
  private final SessionSettings settings;
  private final Map<String, String> settingsBefore;
  private final List<PreparedRows> rows = new ArrayList<>();
  private final List<Savepoint> savepoints = new ArrayList<>();
  private Map<String, String> locals = Map.of();
  private @Nullable Table table;

  /** Bytes that the rows keep, about. */
  private long kept;

  private boolean readOnly;
  private boolean failed;
  private boolean used;

  Transaction(SnapshotSource source, MemoryBudget budget, SessionSettings settings) {
    this.budget = budget;
    this.snapshot = new TransactionSnapshot(source);
    this.settings = settings;
    this.settingsBefore = settings.copy();
    readOnly(settings.defaultReadOnly());
  }

  /** The one snapshot. */
  TransactionSnapshot snapshot() {
    return snapshot;
  }

  /** True after an error, until ROLLBACK or ROLLBACK TO. */
  boolean failed() {
    return failed;
  }

  void fail() {
    failed = true;
  }

  /** A query has begun. */
  void used() {
    used = true;
  }

  boolean readOnly() {
    return readOnly;
  }

  private void readOnly(boolean value) {
    readOnly = value;
    settings.showReadOnly(value);
  }

  /** READ ONLY or READ WRITE; the way back is open only before anything was read. */
  void access(boolean only) {
    if (readOnly && !only) {
      if (!savepoints.isEmpty()) {
        throw new SqlProblem(
            SqlState.ACTIVE_TRANSACTION,
            "cannot set transaction read-write mode inside a read-only transaction");
      }
      if (used) {
        throw new SqlProblem(
            SqlState.ACTIVE_TRANSACTION,
            "transaction read-write mode must be set before any query");
      }
    }
    readOnly(only);
  }

  /** Where COMMIT appends, null when there is nothing to append. */
  @Nullable Table table() {
    return table;
  }

  /** True when COMMIT has something to append. */
  boolean appends() {
    return table != null;
  }

  /** Keeps checked rows of so many bytes until COMMIT. */
  void append(Table to, PreparedRows ready, long bytes) {
    if (table != null && table != to) {
      throw SqlProblem.unsupported(
          "a transaction can append to one table only",
          "Commit before inserting into another table.");
    }
    budget.reserve(bytes);
    kept += bytes;
    table = to;
    rows.add(ready);
  }

  /** Appends everything that was kept. */
  void appendAll() {
    var to = table;
    if (to != null) {
      to.append(List.copyOf(rows));
    }
  }

  void savepoint(String name) {
    savepoints.add(
        new Savepoint(name, table, rows.size(), kept, readOnly, settings.copy(), locals));
  }

  /** Forgets a savepoint and those after it; what happened since stays. */
  void release(String name) {
    int at = find(name);
    savepoints.subList(at, savepoints.size()).clear();
  }

  /** Undoes what happened since a savepoint, which stays. */
  void rollbackTo(String name) {
    int at = find(name);
    savepoints.subList(at + 1, savepoints.size()).clear();
    var to = savepoints.get(at);
    table = to.table;
    rows.subList(to.rows, rows.size()).clear();
    budget.release(kept - to.kept);
    kept = to.kept;
    settings.restore(to.settings);
    locals = to.locals;
    readOnly(to.readOnly);
    failed = false;
  }

  /** The newest savepoint of a name; names may be used again and hide the older ones. */
  private int find(String name) {
    for (int i = savepoints.size() - 1; i >= 0; i--) {
      if (savepoints.get(i).name.equals(name)) {
        return i;
      }
    }
    throw new SqlProblem(SqlState.INVALID_SAVEPOINT, "savepoint \"" + name + "\" does not exist");
  }

  /** Notes a change of a setting: SET LOCAL lasts until the end of the block. */
  void changing(String name, boolean local) {
    var known = new java.util.HashMap<>(locals);
    if (local) {
      known.putIfAbsent(name, settings.raw(name));
    } else {
      known.remove(name);
    }
    locals = Map.copyOf(known);
  }

  /** Ends well: settings stay but for the local ones. */
  void committed() {
    settings.restore(locals);
  }

  /** Ends badly: settings are what they were. */
  void rolledBack() {
    settings.restore(settingsBefore);
  }

  @Override
  public void close() {
    settings.showReadOnly(settings.defaultReadOnly());
    budget.release(kept);
    kept = 0;
    snapshot.close();
  }
}
