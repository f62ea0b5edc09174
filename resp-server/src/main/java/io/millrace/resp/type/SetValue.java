package io.millrace.resp.type;

import io.millrace.engine.state.HotPath;
import io.millrace.engine.state.KeyHash;
import io.millrace.engine.state.ReadView;
import io.millrace.engine.state.Ref;
import io.millrace.engine.state.TaskState;
import io.millrace.engine.tree.Cursor;
import io.millrace.engine.tree.Misses;
import io.millrace.engine.tree.PageTree;
import io.millrace.engine.tree.TreeShape;
import io.millrace.resp.keyspace.Database;
import io.millrace.resp.keyspace.EncodingLimits;
import io.millrace.resp.keyspace.Key;
import io.millrace.resp.keyspace.Kinds;
import io.millrace.resp.protocol.Numbers;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A set in a key's value, as a reusable view: a tree ordered by 32 bits of the members' hash and
 * then by the members themselves, so that scan cursors are hashes and any two sets can be merged in
 * one pass.
 *
 * <p>Header: version, and the encoding that OBJECT ENCODING tells, which only ever grows.
 */
@HotPath(benchmark = "KeyspaceBenchmark")
public final class SetValue {
  /** Bytes of a tree key in front of the member. */
  public static final int HASH = 4;

  static final byte INTSET = 0;
  static final byte LISTPACK = 1;
  static final byte HASHTABLE = 2;

  private static final TreeShape SHAPE = TreeShape.keyed(4096, 2048, 128);
  private static final byte[] HEADER = {1, INTSET};
  private static final int ENCODING = 1;
  private static final byte[] NONE = new byte[0];
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private final TreeValue value = new TreeValue(Kinds.SET, SHAPE, HEADER);
  private byte[] name = new byte[64];
  private final Misses misses = new Misses();
  private long seed;
  private PageTree tree = new PageTree(SHAPE);
  private @Nullable TaskState task;
  private Ref ref = new Ref();
  private EncodingLimits limits = new EncodingLimits();

  /** Creates a view of nothing. */
  public SetValue() {}

  /** Views an existing set. */
  public SetValue open(Key key) {
    return open(key.task(), key.database(), key.ref);
  }

  /** Views the set in a found entry. */
  public SetValue open(TaskState in, Database database, Ref entry) {
    tree = value.open(in, database, entry);
    seed = database.hashSeed();
    limits = database.limits();
    task = in;
    ref = entry;
    return this;
  }

  /** Views the set of a key, which is made when there is none. */
  public SetValue openOrCreate(Key key) {
    value.openOrCreate(key);
    return open(key);
  }

  /** The tree of a value at a cut; keys are hash and member. */
  public static PageTree at(ReadView view, int pages, Ref entry) {
    var tree = new PageTree(SHAPE);
    tree.bind(view, pages, entry, HEADER.length);
    return tree;
  }

  /** Number of members. */
  public long size() {
    return tree.size();
  }

  /** The tree; its keys are hash and member. */
  public PageTree tree() {
    return tree;
  }

  /** True when a member is there. */
  public boolean contains(byte[] array, int offset, int length) {
    int size = name(array, offset, length);
    return tree.find(name, 0, size);
  }

  /** True when it is worth to {@link #expect} members before several are changed. */
  public boolean mostlyCold() {
    return tree.mostlyCold();
  }

  /** Notes the page of a member if it is not in memory. */
  public void expect(byte[] array, int offset, int length) {
    int size = name(array, offset, length);
    misses.expect(tree, name, 0, size);
  }

  /** Ends expecting: what was not in memory is loaded first. */
  public void endExpecting() {
    misses.end();
  }

  /** Adds a member; false when it is there already. */
  public boolean add(byte[] array, int offset, int length) {
    int size = name(array, offset, length);
    if (!tree.putIfAbsent(name, 0, size, NONE, 0, 0)) {
      return false;
    }
    byte known = ref.array[ref.offset + ENCODING];
    if (known != HASHTABLE) {
      encode(known, array, offset, length);
    }
    return true;
  }

  private void encode(byte known, byte[] array, int offset, int length) {
    long size = tree.size();
    boolean small = size <= limits.setEntries() && length <= limits.setValue();
    boolean noIntset = size == 1 && limits.setIntegers() == 0;
    byte now = known;
    if (known == INTSET && (noIntset || !Numbers.isLong(array, offset, length))) {
      now = small ? LISTPACK : HASHTABLE;
    } else if (known == INTSET ? size > limits.setIntegers() : !small) {
      now = HASHTABLE;
    }
    if (now != known) {
      Objects.requireNonNull(task).edit(ref);
      ref.array[ref.offset + ENCODING] = now;
    }
  }

  /** Removes a member; false when it is not there. */
  public boolean remove(byte[] array, int offset, int length) {
    int size = name(array, offset, length);
    return tree.remove(name, 0, size);
  }

  private int name(byte[] array, int offset, int length) {
    int size = HASH + length;
    if (name.length < size) {
      name = new byte[Math.max(size, 2 * name.length)];
    }
    INTS.set(name, 0, (int) (KeyHash.hash(array, offset, length, seed) >>> 32));
    System.arraycopy(array, offset, name, HASH, length);
    return size;
  }

  /** Start of the member a cursor is on. */
  public static int offset(Cursor cursor) {
    return cursor.keyOffset() + HASH;
  }

  /** Length of the member a cursor is on. */
  public static int length(Cursor cursor) {
    return cursor.keyLength() - HASH;
  }

  TreeValue value() {
    return value;
  }

  static String encoding(Ref entry) {
    return switch (entry.array[entry.offset + ENCODING]) {
      case INTSET -> "intset";
      case LISTPACK -> "listpack";
      default -> "hashtable";
    };
  }
}
