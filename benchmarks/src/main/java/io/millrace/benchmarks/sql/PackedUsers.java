package io.millrace.benchmarks.sql;

import io.millrace.engine.state.TaskSnapshot;
import io.millrace.engine.table.ByteSlice;
import io.millrace.engine.table.Column;
import io.millrace.engine.table.ColumnType;
import io.millrace.engine.table.PageCursor;
import io.millrace.engine.table.PagedTable;
import io.millrace.engine.table.RowCursor;
import io.millrace.engine.table.RowReader;
import io.millrace.engine.table.ScanRequest;
import io.millrace.engine.table.Snapshot;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Users in packed pages, as the anchors of the SQL budgets describe them; about 110 bytes a row.
 */
final class PackedUsers implements PagedTable {
  static final int PAGE_ROWS = 128;
  private static final int FIXED = 5 * 8;
  private static final int TEXTS = 4;
  private static final List<Column> COLUMNS =
      List.of(
          new Column("id", ColumnType.LONG, false),
          new Column("age", ColumnType.INT, false),
          new Column("balance", ColumnType.DOUBLE, false),
          new Column("active", ColumnType.LONG, false),
          new Column("last_modified", ColumnType.TIMESTAMP, false),
          new Column("first_name", ColumnType.TEXT, false),
          new Column("last_name", ColumnType.TEXT, false),
          new Column("email", ColumnType.TEXT, false),
          new Column("city", ColumnType.TEXT, false));

  private final List<byte[]> pages = new ArrayList<>();
  private final List<int[]> offsets = new ArrayList<>();
  private final int count;

  PackedUsers(int count) {
    this.count = count;
    var random = new SplittableRandom(1);
    var buffer = ByteBuffer.allocate(1 << 20);
    for (int from = 0; from < count; from += PAGE_ROWS) {
      buffer.clear();
      var rows = Math.min(PAGE_ROWS, count - from);
      var starts = new int[rows];
      for (int i = 0; i < rows; i++) {
        starts[i] = buffer.position();
        row(buffer, from + i, random);
      }
      var page = new byte[buffer.position()];
      buffer.get(0, page);
      pages.add(page);
      offsets.add(starts);
    }
  }

  private static void row(ByteBuffer out, long id, SplittableRandom random) {
    out.putLong(id).putLong(random.nextInt(90)).putDouble(random.nextInt(1_000_000) / 100.0);
    out.putLong(random.nextInt(2)).putLong(1_700_000_000_000L + random.nextInt(100_000_000) * 10L);
    for (var text :
        new String[] {
          "first" + random.nextInt(200),
          "last" + random.nextInt(2000),
          "user" + id + "@example.org",
          "city" + random.nextInt(100)
        }) {
      var bytes = text.getBytes(StandardCharsets.UTF_8);
      out.put((byte) bytes.length).put(bytes);
    }
  }

  @Override
  public PageCursor pages(
      Snapshot snapshot, int task, Object @Nullable [] keyLow, Object @Nullable [] keyHigh) {
    var from = keyLow == null ? 0 : (int) Math.clamp((Long) keyLow[0], 0, count) / PAGE_ROWS;
    var to =
        keyHigh == null
            ? pages.size()
            : Math.min(pages.size(), (int) Math.clamp((Long) keyHigh[0], 0, count) / PAGE_ROWS + 1);
    var reader = new Reader();
    return new PageCursor() {
      private int page = from - 1;

      @Override
      public boolean next() {
        if (++page >= to) {
          return false;
        }
        reader.page = pages.get(page);
        reader.view = ByteBuffer.wrap(reader.page);
        return true;
      }

      @Override
      public int rows() {
        return offsets.get(page).length;
      }

      @Override
      public void at(int row) {
        reader.start = offsets.get(page)[row];
      }

      @Override
      public RowReader row() {
        return reader;
      }

      @Override
      public void close() {}
    };
  }

  /** Reads fixed cells at their place and walks over the texts. */
  private static final class Reader extends RowReader {
    private byte[] page = new byte[0];
    private ByteBuffer view = ByteBuffer.wrap(page);
    private int start;
    private final ByteSlice slice = new ByteSlice();

    @Override
    public boolean isNull(int column) {
      return false;
    }

    @Override
    public long getLong(int column) {
      return view.getLong(start + column * 8);
    }

    @Override
    public double getDouble(int column) {
      return view.getDouble(start + column * 8);
    }

    @Override
    public boolean getBoolean(int column) {
      return getLong(column) != 0;
    }

    @Override
    public void getBytes(int column, ByteSlice out) {
      int at = start + FIXED;
      for (int text = column - (COLUMNS.size() - TEXTS); text > 0; text--) {
        at += 1 + page[at];
      }
      out.set(page, at + 1, page[at]);
    }

    @Override
    public Object get(int column) {
      return switch (COLUMNS.get(column).type()) {
        case INT -> (int) getLong(column);
        case DOUBLE -> getDouble(column);
        case TEXT -> {
          getBytes(column, slice);
          yield slice.text();
        }
        default -> getLong(column);
      };
    }
  }

  @Override
  public int task(Snapshot snapshot, Object @Nullable [] keyLow, Object @Nullable [] keyHigh) {
    return 0;
  }

  @Override
  public String schema() {
    return "bench";
  }

  @Override
  public String name() {
    return "users";
  }

  @Override
  public List<Column> columns() {
    return COLUMNS;
  }

  @Override
  public List<Integer> key() {
    return List.of(0);
  }

  @Override
  public boolean ordered() {
    return true;
  }

  @Override
  public long rowCount(Snapshot snapshot) {
    return count;
  }

  @Override
  public RowCursor scan(Snapshot snapshot, ScanRequest request) {
    throw new UnsupportedOperationException("read page by page");
  }

  /** A snapshot of one task that needs nothing. */
  record OneTask() implements Snapshot {
    @Override
    public long position() {
      return 0;
    }

    @Override
    public long stampMs() {
      return 0;
    }

    @Override
    public int tasks() {
      return 1;
    }

    @Override
    public TaskSnapshot task(int taskId) {
      throw new UnsupportedOperationException("pages only");
    }

    @Override
    public void close() {}
  }
}
