package io.millrace.engine.internal.plan;

import io.millrace.engine.internal.codec.ByteWriter;
import io.millrace.engine.internal.codec.ValueCodec;
import io.millrace.engine.path.PathException;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.state.HotPath;
import io.millrace.engine.state.KeyHash;
import io.millrace.engine.state.ReadView;
import io.millrace.engine.state.Ref;
import io.millrace.engine.state.TaskState;
import io.millrace.engine.tree.PageTree;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The trees of one pstate on one task: each subindexed part is an entry of the home space that owns
 * a {@link PageTree}, named by a number that the row above it holds. The top level is number {@link
 * #ROOT}. So a change inside a part leaves the row above it alone.
 *
 * <p>Trees are reused by depth of nesting; every {@link #open} is matched by a {@link #close}.
 */
@HotPath(benchmark = "PathBenchmark")
final class SubindexTrees implements ValueCodec.Subtrees {
  /** Number of the top level. */
  static final long ROOT = -1;

  /** No part: null. */
  static final long NULL = 0;

  private static final byte VERSION = 1;
  private static final byte[] ROOT_KEY = {'R'};
  private static final byte[] EMPTY_TREE = {VERSION};
  private static final byte[] NOTHING = {};
  private static final int PART_KEY = 9;

  final IoCounters io;
  private final StoreShape shape;
  private final int home;
  private final int pages;
  private final long seed;
  private final long rootHash;
  private final List<Part> pool = new ArrayList<>();
  private final byte[] partKey = new byte[PART_KEY];
  private final Ref single = new Ref();
  private final IdentityHashMap<Schema, SchemaNode> nodes = new IdentityHashMap<>();
  private int depth;
  private long stepsLeft;
  private @Nullable ReadView view;
  private @Nullable TaskState state;

  SubindexTrees(SchemaNode root, StoreShape shape, int home, int pages, long seed, IoCounters io) {
    remember(root);
    this.shape = shape;
    this.home = home;
    this.pages = pages;
    this.seed = seed;
    this.io = io;
    rootHash = KeyHash.hash(ROOT_KEY, 0, ROOT_KEY.length, seed);
  }

  private void remember(SchemaNode node) {
    if (node.tree) {
      nodes.put(node.schema, node);
    }
    if (node.isMap() || node.isList()) {
      remember(node.element());
    }
    for (var field : node.fields) {
      remember(field);
    }
  }

  /** An open tree. */
  static final class Part {
    final PageTree keyed;
    final PageTree positional;
    final Ref owner = new Ref();
    PageTree tree;
    long number;

    Part(StoreShape shape) {
      keyed = new PageTree(shape.keyed());
      positional = new PageTree(shape.positional());
      tree = keyed;
    }
  }

  /** Begins an operation on a task. */
  void bind(ReadView on) {
    bind(on, Long.MAX_VALUE);
  }

  /** Begins an operation on a task that may go over so many elements. */
  void bind(ReadView on, long mostSteps) {
    stepsLeft = mostSteps;
    view = on;
    state = on instanceof TaskState live ? live : null;
    depth = 0;
  }

  TaskState state() {
    if (state == null) {
      throw new IllegalStateException("the state cannot be changed");
    }
    return state;
  }

  private ReadView view() {
    if (view == null) {
      throw new IllegalStateException("not bound to a task");
    }
    return view;
  }

  private boolean find(long number, Ref out) {
    if (number == ROOT) {
      return view().find(home, ROOT_KEY, 0, ROOT_KEY.length, rootHash, out);
    }
    return view().find(home, partKey, 0, PART_KEY, partHash(number), out);
  }

  private long partHash(long number) {
    partKey[0] = 'S';
    for (var i = 0; i < Long.BYTES; i++) {
      partKey[1 + i] = (byte) (number >>> (56 - 8 * i));
    }
    return KeyHash.hash(partKey, 0, PART_KEY, seed);
  }

  private Part push(SchemaNode node) {
    if (depth == pool.size()) {
      pool.add(new Part(shape));
    }
    var part = pool.get(depth++);
    part.tree = node.isList() ? part.positional : part.keyed;
    return part;
  }

  /** Opens a tree; null when it has never been written. */
  @Nullable Part open(SchemaNode node, long number) {
    if (number == NULL) {
      return null;
    }
    var part = push(node);
    if (!find(number, part.owner)) {
      depth--;
      if (number != ROOT) {
        throw new IllegalStateException("part missing: number=" + number + " space=" + home);
      }
      return null;
    }
    part.number = number;
    part.tree.bind(view(), pages, part.owner, EMPTY_TREE.length);
    return part;
  }

  /** Opens a tree to change it, and makes it when it is not there. */
  Part openOrCreate(SchemaNode node, long number) {
    var part = open(node, number);
    if (part != null) {
      return part;
    }
    return create(node, number == ROOT ? ROOT : state().nextId());
  }

  private Part create(SchemaNode node, long number) {
    var part = push(node);
    var root = number == ROOT;
    var hash = root ? rootHash : partHash(number);
    var key = root ? ROOT_KEY : partKey;
    state().put(home, key, 0, key.length, hash, 0, 0, EMPTY_TREE, 0, EMPTY_TREE.length, part.owner);
    part.tree.bind(view(), pages, part.owner, EMPTY_TREE.length);
    part.number = number;
    return part;
  }

  /** Ends the use of the tree opened last. */
  void close() {
    depth--;
  }

  /** The row of a top level that is no tree; null when it has never been written. */
  @Nullable Ref rootRow() {
    io.read();
    return find(ROOT, single) ? single : null;
  }

  /** Stores the row of a top level that is no tree. */
  void rootRow(byte[] row) {
    io.write();
    state().put(home, ROOT_KEY, 0, ROOT_KEY.length, rootHash, 0, 0, row, 0, row.length, null);
  }

  /** Removes the row of a top level that is no tree. */
  void removeRootRow() {
    if (find(ROOT, single)) {
      io.write();
      state().remove(single);
    }
  }

  @Override
  public long store(Schema schema, Object value) {
    var node = Objects.requireNonNull(nodes.get(schema));
    var part = create(node, state().nextId());
    fill(node, part, value);
    close();
    return part.number;
  }

  /** Fills an empty tree with a normalised collection. */
  void fill(SchemaNode node, Part part, Object value) {
    var out = new ByteWriter();
    if (value instanceof Map<?, ?> map) {
      for (var entry : map.entrySet()) {
        var key = node.keys().encode(entry.getKey());
        node.element().codec.encode(entry.getValue(), out.clear(), this);
        put(part.tree, key, out.array(), out.size());
      }
    } else if (value instanceof List<?> list) {
      for (var element : list) {
        node.element().codec.encode(element, out.clear(), this);
        io.write();
        part.tree.pushLast(out.array(), 0, out.size());
      }
    } else {
      for (var element : (Collection<?>) value) {
        put(part.tree, node.keys().encode(element), NOTHING, 0);
      }
    }
  }

  void put(PageTree tree, byte[] key, byte[] value, int length) {
    io.write();
    tree.put(key, 0, key.length, value, 0, length);
  }

  @Override
  public Object load(Schema schema, long number) {
    return load(Objects.requireNonNull(nodes.get(schema)), number);
  }

  /** The value of a row; of length 0 when there is none. */
  @Nullable Object decode(SchemaNode node, byte[] row, int offset, int length) {
    if (length == 0 || row[offset] < 0) {
      return null;
    }
    return node.tree
        ? load(node, ValueCodec.reference(row, offset + 1))
        : node.codec.decode(row, offset, length, this);
  }

  /** Reads a tree whole. */
  Object load(SchemaNode node, long number) {
    var part = open(node, number);
    if (part == null) {
      return empty(node);
    }
    var whole = load(node, part.tree, 0, part.tree.size());
    close();
    return whole;
  }

  /** Reads a run of elements of a tree as a collection. */
  Object load(SchemaNode node, PageTree tree, long from, long to) {
    if (to - from > shape.wholeLimit()) {
      throw new PathException(
          node
              + " of size="
              + (to - from)
              + " is subindexed and is not read whole beyond "
              + shape.wholeLimit()
              + " elements; read a range, or its elements one by one");
    }
    io.iterator();
    var cursor = tree.cursor();
    if (node.isMap()) {
      var map = new TreeMap<Object, @Nullable Object>(node.order());
      for (var rank = from; rank < to; rank++) {
        step(tree, rank, from);
        var key = node.keys().decode(cursor.array(), cursor.keyOffset(), cursor.keyLength());
        map.put(key, value(node, tree));
      }
      return Collections.unmodifiableSortedMap(map);
    }
    if (node.isList()) {
      var list = new ArrayList<@Nullable Object>();
      for (var rank = from; rank < to; rank++) {
        step(tree, rank, from);
        list.add(value(node, tree));
      }
      return Collections.unmodifiableList(list);
    }
    var set = new TreeSet<Object>(node.order());
    for (var rank = from; rank < to; rank++) {
      step(tree, rank, from);
      set.add(node.keys().decode(cursor.array(), cursor.keyOffset(), cursor.keyLength()));
    }
    return Collections.unmodifiableSortedSet(set);
  }

  /** Goes to the element of a rank: the first of an iteration, or the one after the last. */
  void step(PageTree tree, long rank, long from) {
    io.step();
    if (--stepsLeft < 0) {
      throw new StepLimitException();
    }
    if (!(rank == from ? tree.cursor().seekRank(rank) : tree.cursor().next())) {
      throw new IllegalStateException("tree ends early: rank=" + rank + " size=" + tree.size());
    }
  }

  private @Nullable Object value(SchemaNode node, PageTree tree) {
    return decode(node.element(), tree.array(), tree.valueOffset(), tree.valueLength());
  }

  /** The collection of a node without elements. */
  static Object empty(SchemaNode node) {
    return node.isMap()
        ? Collections.unmodifiableSortedMap(new TreeMap<>(node.order()))
        : node.isList()
            ? List.of()
            : Collections.unmodifiableSortedSet(new TreeSet<>(node.order()));
  }

  /** Drops the parts that a row refers to. */
  void dropParts(SchemaNode node, byte[] row, int offset, int length) {
    if (!node.parts || length == 0 || row[offset] < 0) {
      return;
    }
    if (node.tree) {
      drop(node, ValueCodec.reference(row, offset + 1));
      return;
    }
    var format = node.recordCodec().format();
    for (var f = 0; f < node.fields.length; f++) {
      var field = node.fields[f];
      if (field.parts && !format.isNull(row, offset, f)) {
        var start = format.start(row, offset, f);
        if (field.tree) {
          drop(field, ValueCodec.reference(row, start));
        } else {
          dropParts(field, row, start, format.end(row, offset, offset + length, f) - start);
        }
      }
    }
  }

  /** Drops a tree with all its elements. */
  private void drop(SchemaNode node, long number) {
    var part = open(node, number);
    if (part == null) {
      return;
    }
    clear(node, part.tree);
    io.write();
    state().remove(part.owner);
    close();
  }

  /** Removes all elements of a tree, and what they refer to. */
  void clear(SchemaNode node, PageTree tree) {
    dropElements(node, tree, 0, tree.size());
    io.write();
    tree.clear();
  }

  /** Drops the parts that a run of elements refers to; the elements stay. */
  void dropElements(SchemaNode node, PageTree tree, long from, long to) {
    if (node.isSet() || !node.element().parts) {
      return;
    }
    for (var rank = from; rank < to; rank++) {
      step(tree, rank, from);
      dropParts(node.element(), tree.array(), tree.valueOffset(), tree.valueLength());
    }
  }
}
