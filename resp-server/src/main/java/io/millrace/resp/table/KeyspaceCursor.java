package io.millrace.resp.table;

import io.millrace.engine.state.KeyHash;
import io.millrace.engine.state.Ref;
import io.millrace.engine.state.TaskSnapshot;
import io.millrace.engine.table.RowCursor;
import io.millrace.engine.table.ScanRequest;
import io.millrace.engine.table.Snapshot;
import io.millrace.resp.keyspace.Key;
import io.millrace.resp.keyspace.Keyspace;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads a table slice by slice: some hundred entries of one task and database at a time. */
final class KeyspaceCursor implements RowCursor {
  private static final int SLICE = 512;

  private final KeyspaceTable table;
  private final Snapshot snapshot;
  private final ScanRequest request;
  private final ArrayDeque<Object[]> rows = new ArrayDeque<>();
  private final int lastDatabase;
  private CutDatabase database;
  private TaskSnapshot view;
  private int databaseIndex;
  private int task;
  private long fromHash;
  private boolean ended;

  KeyspaceCursor(KeyspaceTable table, Snapshot snapshot, ScanRequest request) {
    this.table = table;
    this.snapshot = snapshot;
    this.request = request;
    int low = bound(request.keyLow(), 0);
    int high = bound(request.keyHigh(), Keyspace.DATABASES - 1);
    databaseIndex = Math.max(0, low);
    lastDatabase = Math.min(Keyspace.DATABASES - 1, high);
    ended = databaseIndex > lastDatabase;
    database = table.at(snapshot, Math.min(databaseIndex, Keyspace.DATABASES - 1));
    view = snapshot.task(0);
    var name = keyGet(request.keyLow(), request.keyHigh());
    if (!ended && name != null) {
      get(name);
      ended = true;
    }
  }

  private static int bound(Object @Nullable [] key, int otherwise) {
    if (key == null || key.length == 0 || key[0] == null) {
      return otherwise;
    }
    long value = ((Number) key[0]).longValue();
    return (int) Math.max(-1, Math.min(Keyspace.DATABASES, value));
  }

  /** The one key asked for, or null when more than one may be. */
  private static @Nullable String keyGet(Object @Nullable [] low, Object @Nullable [] high) {
    if (low == null || high == null || low.length < 2 || high.length < 2) {
      return null;
    }
    boolean one = Objects.equals(low[0], high[0]) && Objects.equals(low[1], high[1]);
    return one && low[0] != null && low[1] != null ? String.valueOf(low[1]) : null;
  }

  private void get(String name) {
    var bytes = name.getBytes(StandardCharsets.UTF_8);
    view = snapshot.task(Key.taskOf(bytes, 0, bytes.length, snapshot.tasks()));
    long hash = KeyHash.hash(bytes, 0, bytes.length, table.keyspace().hashSeed());
    // By scan, not by find: rows need the key bytes of the entry.
    view.scan(
        database.entries(),
        hash,
        hash,
        entry -> {
          take(entry);
          return true;
        });
  }

  @Override
  public int next(Object[][] batch) {
    int filled = 0;
    while (filled < batch.length) {
      var row = rows.poll();
      if (row == null) {
        if (ended) {
          break;
        }
        slice();
        continue;
      }
      var columns = request.columns();
      for (int i = 0; i < columns.length; i++) {
        batch[filled][i] = row[columns[i]];
      }
      filled++;
    }
    return filled;
  }

  /** Reads the next slice into {@link #rows}. */
  private void slice() {
    long[] last = {fromHash};
    int[] seen = {0};
    boolean[] more = {false};
    view.scan(
        database.entries(),
        fromHash,
        -1,
        entry -> {
          // Entries of one hash stay in one slice.
          if (seen[0] >= SLICE && entry.hash != last[0]) {
            more[0] = true;
            return false;
          }
          seen[0]++;
          last[0] = entry.hash;
          take(entry);
          return true;
        });
    if (more[0]) {
      fromHash = last[0] + 1;
    } else {
      advance();
    }
  }

  private void advance() {
    fromHash = 0;
    task++;
    if (task < snapshot.tasks()) {
      view = snapshot.task(task);
      return;
    }
    task = 0;
    view = snapshot.task(0);
    databaseIndex++;
    if (databaseIndex > lastDatabase) {
      ended = true;
    } else {
      database = table.at(snapshot, databaseIndex);
    }
  }

  private void take(Ref entry) {
    boolean alive = entry.expireAtMs == 0 || entry.expireAtMs > snapshot.stampMs();
    if (alive && table.shows(entry.kind)) {
      table.rows(new KeyspaceTable.Place(view, database), entry, rows::add);
    }
  }

  @Override
  public void close() {
    ended = true;
    rows.clear();
  }
}
