package io.millrace.resp.type;

import io.millrace.engine.state.KeyHash;
import io.millrace.engine.state.ReadView;
import io.millrace.engine.state.Ref;
import io.millrace.engine.state.TaskState;
import io.millrace.engine.tree.LeafPage;
import io.millrace.engine.tree.PageTree;
import io.millrace.engine.tree.TreeShape;
import io.millrace.resp.config.ServerSettings;
import io.millrace.resp.keyspace.Database;
import io.millrace.resp.keyspace.EncodingLimits;
import io.millrace.resp.keyspace.Key;
import io.millrace.resp.keyspace.Kinds;
import io.millrace.resp.keyspace.ValueType;

/** Lists: a positional tree behind one version byte. */
public final class ListType implements ValueType {
  private static final TreeShape SHAPE = TreeShape.positional(4096, 2048, 512);
  private static final byte[] HEADER = {1};

  /** Bytes of a listpack beside its elements. */
  private static final int PACK_BYTES = 7;

  /** Strings below have a listpack entry of two bytes more. */
  private static final int SHORT = 64;

  private static final int ELEMENT_BYTES = 4;

  private final EncodingLimits limits;
  private final TreeValue value = view();
  private final TreeValue target = view();

  /** Creates the type. */
  public ListType(ServerSettings settings) {
    limits = settings.encodings();
  }

  /** A new view of lists. */
  public static TreeValue view() {
    return new TreeValue(Kinds.LIST, SHAPE, HEADER);
  }

  /** The tree of a value at a cut. */
  public static PageTree at(ReadView view, int pages, Ref entry) {
    var tree = new PageTree(SHAPE);
    tree.bind(view, pages, entry, HEADER.length);
    return tree;
  }

  @Override
  public String name() {
    return "list";
  }

  @Override
  public int firstKind() {
    return Kinds.LIST;
  }

  @Override
  public String encoding(ReadView view, int pages, Ref ref) {
    var tree = at(view, pages, ref);
    if (tree.size() > limits.listEntries()) {
      return "quicklist";
    }
    long[] left = {limits.listBytes() - PACK_BYTES};
    tree.visitLeaves(leaf -> {
      for (int i = 0; i < leaf.count() && left[0] >= 0; i++) {
        leaf.at(i);
        left[0] -= leaf.valueLength + (leaf.valueLength < SHORT ? 2 : ELEMENT_BYTES);
      }
      return left[0] >= 0;
    });
    return left[0] >= 0 ? "listpack" : "quicklist";
  }

  @Override
  public void free(TaskState task, Database database, Ref ref) {
    value.free(task, database, ref);
  }

  @Override
  public void copy(Key from, Key to, long expireAtMs) {
    TreeValue.copy(value, target, from, to, expireAtMs);
  }

  @Override
  public long size(TaskState task, Database database, Ref ref) {
    return value.open(task, database, ref).size();
  }

  @Override
  public long digest(TaskState task, Database database, Ref ref, long seed) {
    long[] sum = {seed};
    value
        .open(task, database, ref)
        .visitLeaves(leaf -> {
          sum[0] = digest(leaf, sum[0]);
          return true;
        });
    return sum[0];
  }

  private static long digest(LeafPage leaf, long seed) {
    long sum = seed;
    for (int i = 0; i < leaf.count(); i++) {
      leaf.at(i);
      sum = KeyHash.hash(leaf.array, leaf.valueOffset, leaf.valueLength, sum);
    }
    return sum;
  }
}
