package io.millrace.sql;

import io.millrace.engine.state.NotResidentException;
import io.millrace.engine.table.Column;
import io.millrace.engine.table.ColumnType;
import io.millrace.engine.table.RowCursor;
import io.millrace.engine.table.ScanRequest;
import io.millrace.engine.table.Snapshot;
import io.millrace.engine.table.Table;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Rows {@code (id, origin, text)}; the origin says whether the lane or a cut was read. */
final class LiveTable implements Table {
  private static final int KEYS = 100;

  /** A text on which some regular expressions never end. */
  static final String TEXT = "a".repeat(60) + "!";

  private final AtomicInteger missing = new AtomicInteger();
  private volatile boolean broken;

  /** From now on a row that is read live cannot be decoded. */
  void broken() {
    broken = true;
  }

  /** So many reads of the live entries will find their key on disk only. */
  void missing(int reads) {
    missing.set(reads);
  }

  @Override
  public String schema() {
    return "demo";
  }

  @Override
  public String name() {
    return "live";
  }

  @Override
  public List<Column> columns() {
    return List.of(
        new Column("id", ColumnType.LONG, false),
        new Column("origin", ColumnType.TEXT, false),
        new Column("text", ColumnType.TEXT, false));
  }

  @Override
  public List<Integer> key() {
    return List.of(0);
  }

  @Override
  public boolean ordered() {
    return false;
  }

  @Override
  public boolean readsKeysLive() {
    return true;
  }

  @Override
  public long rowCount(Snapshot snapshot) {
    return KEYS;
  }

  @Override
  public RowCursor scan(Snapshot snapshot, ScanRequest request) {
    var live = !(snapshot.position() == SqlOnTheLoopIT.CUT);
    if (live) {
      snapshot.task(0);
      if (missing.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        throw new NotResidentException(0, 1, new byte[1], 1);
      }
      if (broken) {
        throw new IllegalStateException("the row is broken");
      }
    }
    var low = request.keyLow();
    var from = low == null ? 0 : (Long) low[0];
    var to = low == null ? KEYS : from < KEYS ? from + 1 : from;
    return new RowCursor() {
      private long next = from;

      @Override
      public int next(Object[][] batch) {
        int count = 0;
        for (; count < batch.length && next < to; count++, next++) {
          for (int i = 0; i < request.columns().length; i++) {
            batch[count][i] =
                switch (request.columns()[i]) {
                  case 0 -> (Object) next;
                  case 1 -> live ? "live" : "cut";
                  default -> TEXT;
                };
          }
        }
        return count;
      }

      @Override
      public boolean ordered() {
        return false;
      }

      @Override
      public void close() {}
    };
  }
}
