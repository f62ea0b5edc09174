package io.millrace.resp.table;

import io.millrace.engine.state.KeyHash;
import io.millrace.engine.state.Ref;
import io.millrace.engine.state.TaskSnapshot;
import io.millrace.engine.table.Column;
import io.millrace.engine.table.RowCursor;
import io.millrace.engine.table.ScanRequest;
import io.millrace.engine.table.Snapshot;
import io.millrace.engine.table.Table;
import io.millrace.resp.keyspace.HomeEntry;
import io.millrace.resp.keyspace.Keyspace;
import java.util.List;

/**
 * A table with one row, or several, per key of the keyspace. Its first two columns are the database
 * and the key. Rows of a task come in the order of the keys' hashes, that is: in none.
 */
abstract class KeyspaceTable implements Table {
  private final Keyspace keyspace;
  private final String name;
  private final List<Column> columns;
  private final List<Integer> key;

  KeyspaceTable(Keyspace keyspace, String name, List<Column> columns, List<Integer> key) {
    this.keyspace = keyspace;
    this.name = name;
    this.columns = columns;
    this.key = key;
  }

  /** True when entries of this kind have rows here. */
  abstract boolean shows(int kind);

  /**
   * Makes the rows of one entry.
   *
   * @param sink takes full rows, one cell per column of the table
   */
  abstract void rows(Place place, Ref entry, RowSink sink);

  /** Takes rows. */
  interface RowSink {
    /** One full row; not reused. */
    void row(Object[] cells);
  }

  /**
   * Where an entry was found.
   *
   * @param view its task at the cut
   * @param database its database, with the spaces of the cut
   */
  record Place(TaskSnapshot view, CutDatabase database) {}

  final Keyspace keyspace() {
    return keyspace;
  }

  @Override
  public final String schema() {
    return "redis";
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final List<Column> columns() {
    return columns;
  }

  @Override
  public final List<Integer> key() {
    return key;
  }

  @Override
  public final boolean ordered() {
    return false;
  }

  @Override
  public final long rowCount(Snapshot snapshot) {
    long count = 0;
    for (int i = 0; i < Keyspace.DATABASES; i++) {
      var database = at(snapshot, i);
      for (int task = 0; task < snapshot.tasks(); task++) {
        count += snapshot.task(task).count(database.entries());
      }
    }
    return count;
  }

  @Override
  public final RowCursor scan(Snapshot snapshot, ScanRequest request) {
    return new KeyspaceCursor(this, snapshot, request);
  }

  /** A database with the spaces it had at the cut. */
  final CutDatabase at(Snapshot snapshot, int index) {
    var row = new Ref();
    var bytes = HomeEntry.name(index);
    long hash = KeyHash.hash(bytes, 0, bytes.length, keyspace.hashSeed());
    if (!snapshot.task(0).find(keyspace.homeSpace(), bytes, 0, bytes.length, hash, row)) {
      throw new IllegalStateException("the database map has no row: database=" + index);
    }
    return new CutDatabase(index, HomeEntry.entries(row), HomeEntry.pages(row));
  }
}
