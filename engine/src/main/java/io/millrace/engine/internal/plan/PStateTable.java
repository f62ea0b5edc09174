package io.millrace.engine.internal.plan;

import io.millrace.engine.internal.codec.KeyText;
import io.millrace.engine.state.ReadView;
import io.millrace.engine.table.Column;
import io.millrace.engine.table.PageCursor;
import io.millrace.engine.table.PagedTable;
import io.millrace.engine.table.RowCursor;
import io.millrace.engine.table.ScanRequest;
import io.millrace.engine.table.Snapshot;
import io.millrace.engine.tree.Slots;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The elements of a pstate, or of a subindexed part in each of its elements, as rows. */
final class PStateTable implements PagedTable {
  private static final int SAMPLE = 100;

  private final PStateStore store;
  private final String module;
  private final String name;
  private final boolean global;
  private final List<TableLevel> levels;
  private final List<Column> columns;
  private final List<ColumnSource> sources;
  private final List<Integer> key;

  PStateTable(
      PStateStore store,
      String module,
      String name,
      boolean global,
      List<TableLevel> levels,
      List<Column> columns,
      List<ColumnSource> sources,
      int keys) {
    this.store = store;
    this.module = module;
    this.name = name;
    this.global = global;
    this.levels = levels;
    this.columns = List.copyOf(columns);
    this.sources = List.copyOf(sources);
    this.key = IntStream.range(0, keys).boxed().toList();
  }

  @Override
  public String schema() {
    return module;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<Column> columns() {
    return columns;
  }

  @Override
  public List<Integer> key() {
    return key;
  }

  @Override
  public boolean ordered() {
    return true;
  }

  @Override
  public boolean readsKeysLive() {
    return true;
  }

  @Override
  public int task(Snapshot snapshot, Object @Nullable [] keyLow, Object @Nullable [] keyHigh) {
    if (global) {
      return 0;
    }
    if (keyLow == null
        || keyHigh == null
        || keyLow.length == 0
        || keyHigh.length == 0
        || !(sources.getFirst() instanceof ColumnSource.KeyPart part)) {
      return -1;
    }
    var low = KeyRange.key(part.scalar(), keyLow[0]);
    var high = KeyRange.key(part.scalar(), keyHigh[0]);
    if (low == null || !io.millrace.engine.internal.codec.Values.equal(low, high)) {
      return -1;
    }
    var text = KeyText.canonical(low);
    return Slots.task(Slots.slot(text, 0, text.length), snapshot.tasks());
  }

  @Override
  public PageCursor pages(
      Snapshot snapshot, int task, Object @Nullable [] keyLow, Object @Nullable [] keyHigh) {
    return pages(snapshot.task(task), keyLow, keyHigh);
  }

  PageCursor pages(ReadView view, Object @Nullable [] keyLow, Object @Nullable [] keyHigh) {
    return new TreePages(store, view, levels, sources, KeyRange.of(levels, keyLow, keyHigh));
  }

  @Override
  public RowCursor scan(Snapshot snapshot, ScanRequest request) {
    return new PagedRows(this, snapshot, request);
  }

  @Override
  public long rowCount(Snapshot snapshot) {
    var count = 0L;
    for (var task = 0; task < (global ? 1 : snapshot.tasks()); task++) {
      count += levels.size() > 1 ? estimate(snapshot.task(task)) : count(snapshot.task(task));
    }
    return count;
  }

  /** Exact: the size of the top-level tree, or of the one tree below the top-level row. */
  private long count(ReadView task) {
    if (levels.isEmpty() || store.root().tree) {
      return store.count(task);
    }
    var count = 0L;
    try (var pages = pages(task, null, null)) {
      while (pages.next()) {
        count += pages.rows();
      }
    }
    return count;
  }

  /** From the first elements of the top level: as many rows below each of the others. */
  private long estimate(ReadView task) {
    var parents = store.count(task);
    if (parents == 0) {
      return 0;
    }
    var rows = 0L;
    var pagesRead = 0;
    try (var pages = pages(task, null, null)) {
      while (pagesRead < SAMPLE && pages.next()) {
        rows += pages.rows();
        pagesRead++;
      }
    }
    return pagesRead < SAMPLE ? rows : Math.max(rows, rows * parents / SAMPLE);
  }
}
