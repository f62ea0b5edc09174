package io.millrace.engine.internal.plan;

import io.millrace.engine.internal.codec.ValueCodec;
import io.millrace.engine.state.HotPath;
import io.millrace.engine.state.ReadView;
import io.millrace.engine.table.PageCursor;
import io.millrace.engine.table.RowReader;
import io.millrace.engine.tree.Cursor;
import io.millrace.engine.tree.LeafPage;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Leaf pages of the innermost tree of a table on one task: of all such trees, one after the other,
 * as the levels above lead to them.
 */
@HotPath(benchmark = "PathBenchmark")
final class TreePages implements PageCursor {
  private final SubindexTrees parts;
  private final SchemaNode root;
  private final List<TableLevel> levels;
  private final KeyRange[] ranges;
  private final EncodedRow row;
  private final Cursor[] cursors;
  private final boolean[] open;
  private final boolean[] started;
  private final int last;
  private boolean begun;
  private LeafPage leaf = new LeafPage();
  private int first;
  private int rows;
  private long leafRank;

  TreePages(
      PStateStore store,
      ReadView view,
      List<TableLevel> levels,
      List<ColumnSource> sources,
      KeyRange[] ranges) {
    this.parts = store.newParts(view);
    this.root = store.root();
    this.levels = levels;
    this.ranges = ranges;
    row = new EncodedRow(sources, levels.size(), parts);
    cursors = new Cursor[levels.size()];
    open = new boolean[levels.size()];
    started = new boolean[levels.size()];
    last = levels.size() - 1;
  }

  @Override
  public boolean next() {
    if (last >= 0) {
      return advance(last);
    }
    if (begun) {
      return false;
    }
    begun = true;
    var single = parts.rootRow();
    if (single == null) {
      return false;
    }
    row.value(single.array, single.offset, single.length);
    rows = 1;
    return true;
  }

  /** Goes to the next element of a level, or to the next leaf of the innermost one. */
  private boolean advance(int level) {
    while (true) {
      if (open[level]) {
        if (level == last ? nextLeaf() : nextElement(level)) {
          return true;
        }
        parts.close();
        open[level] = false;
      }
      if (level == 0 ? begun : !advance(level - 1)) {
        return false;
      }
      begun = true;
      open(level);
    }
  }

  private void open(int level) {
    var tree = levels.get(level);
    var part = parts.open(tree.tree(), number(level));
    if (part != null) {
      open[level] = true;
      started[level] = false;
      cursors[level] = part.tree.cursor().reusingPages();
    }
  }

  /** Number of the tree of a level below the current element of the level above. */
  private long number(int level) {
    var fields = levels.get(level).fields();
    if (level > 0) {
      var above = cursors[level - 1];
      return follow(
          levels.get(level - 1).tree().element(),
          fields,
          above.array(),
          above.valueOffset(),
          above.valueLength());
    }
    if (root.tree) {
      return SubindexTrees.ROOT;
    }
    var single = parts.rootRow();
    return single == null
        ? SubindexTrees.NULL
        : follow(root, fields, single.array, single.offset, single.length);
  }

  private static long follow(SchemaNode from, int[] fields, byte[] bytes, int offset, int length) {
    var node = from;
    var at = offset;
    var end = offset + length;
    if (bytes[at] < 0) {
      return SubindexTrees.NULL;
    }
    for (var field : fields) {
      var format = node.recordCodec().format();
      if (format.isNull(bytes, at, field)) {
        return SubindexTrees.NULL;
      }
      var base = at;
      at = format.start(bytes, base, field);
      end = format.end(bytes, base, end, field);
      node = node.fields[field];
    }
    return ValueCodec.reference(bytes, fields.length == 0 ? at + 1 : at);
  }

  private boolean seek(int level) {
    started[level] = true;
    var low = ranges[level].low();
    return low == null ? cursors[level].seekFirst() : cursors[level].seek(low, 0, low.length, true);
  }

  private boolean nextElement(int level) {
    var cursor = cursors[level];
    if (!(started[level] ? cursor.next() : seek(level)) || above(level, cursor)) {
      return false;
    }
    row.key(
        level,
        cursor.array(),
        cursor.keyOffset(),
        cursor.keyLength(),
        levels.get(level).tree().isList() ? cursor.rank() : 0);
    return true;
  }

  private boolean above(int level, Cursor cursor) {
    var high = ranges[level].high();
    if (high == null) {
      return false;
    }
    var from = cursor.keyOffset();
    var order =
        Arrays.compareUnsigned(
            cursor.array(), from, from + cursor.keyLength(), high, 0, high.length);
    return order > 0 || order == 0 && !ranges[level].highInclusive();
  }

  private boolean nextLeaf() {
    var cursor = cursors[last];
    if (!(started[last] ? cursor.nextLeaf() : seek(last)) || above(last, cursor)) {
      return false;
    }
    first = cursor.indexInLeaf();
    leaf = cursor.leaf();
    leafRank = levels.get(last).tree().isList() ? cursor.rank() - first : 0;
    rows = end(leaf, ranges[last].high(), ranges[last].highInclusive()) - first;
    return rows > 0;
  }

  /** Index behind the last row of a leaf that is within an upper bound. */
  private static int end(LeafPage leaf, byte @Nullable [] high, boolean inclusive) {
    if (high == null) {
      return leaf.count();
    }
    var bound = leaf.lowerBound(high, 0, high.length);
    if (inclusive && bound < leaf.count()) {
      leaf.at(bound);
      var from = leaf.keyOffset;
      if (Arrays.equals(leaf.array, from, from + leaf.keyLength, high, 0, high.length)) {
        return bound + 1;
      }
    }
    return bound;
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public void at(int index) {
    if (last < 0) {
      return;
    }
    var page = Objects.requireNonNull(leaf);
    page.at(first + index);
    row.key(last, page.array, page.keyOffset, page.keyLength, leafRank + first + index);
    row.value(page.array, page.valueOffset, page.valueLength);
  }

  @Override
  public RowReader row() {
    return row;
  }

  @Override
  public void close() {
    Arrays.fill(open, false);
  }
}
