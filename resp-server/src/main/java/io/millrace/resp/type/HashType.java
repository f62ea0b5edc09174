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
import io.millrace.resp.config.ServerSettings;
import io.millrace.resp.keyspace.Database;
import io.millrace.resp.keyspace.EncodingLimits;
import io.millrace.resp.keyspace.Key;
import io.millrace.resp.keyspace.Kinds;
import io.millrace.resp.keyspace.ValueType;
import org.jspecify.annotations.Nullable;

/**
 * Hashes: a page tree of fields, ordered by 32 bits of the field's hash and then by the field, so
 * that HSCAN cursors are numbers that stay valid. Small hashes are one leaf inside the entry.
 *
 * <p>What OBJECT ENCODING says is a mark in the kind that follows Redis's limits; the layout does
 * not depend on it.
 */
@HotPath(benchmark = "KeyspaceBenchmark")
public final class HashType implements ValueType {
  /** Bytes of the field's hash in front of the field. */
  public static final int PREFIX = 4;

  /** Layout of stored hashes. */
  public static final TreeShape SHAPE = TreeShape.keyed(4096, 2048, 128);

  private static final int LISTPACK = Kinds.HASH;
  private static final int HASHTABLE = Kinds.HASH + 1;
  private static final byte[] EMPTY = new byte[0];

  private final EncodingLimits limits;
  private final Ref holder = new Ref();
  private @Nullable PageTree tree;
  private @Nullable PageTree other;
  private final Misses misses = new Misses();
  private byte[] fieldKey = new byte[64];
  private long seed;

  /** Creates the type. */
  public HashType(ServerSettings settings) {
    limits = settings.encodings();
  }

  @Override
  public void attached(long hashSeed) {
    seed = hashSeed;
    tree = new PageTree(SHAPE);
    other = new PageTree(SHAPE);
  }

  /** The tree of a value at a cut; keys are hash and field. */
  public static PageTree at(ReadView view, int pages, Ref entry) {
    var found = new PageTree(SHAPE);
    found.bind(view, pages, entry, 0);
    return found;
  }

  @Override
  public String name() {
    return "hash";
  }

  @Override
  public int firstKind() {
    return Kinds.HASH;
  }

  @Override
  public String encoding(ReadView view, int pages, Ref value) {
    return value.kind == LISTPACK ? "listpack" : "hashtable";
  }

  private PageTree tree() {
    if (tree == null) {
      throw new IllegalStateException("hashes are not attached to an engine");
    }
    return tree;
  }

  private PageTree other() {
    if (other == null) {
      throw new IllegalStateException("hashes are not attached to an engine");
    }
    return other;
  }

  /** Opens the hash of an existing key. */
  public void open(Key key) {
    tree().bind(key.task(), key.database().pages(), key.ref, 0);
  }

  /** Opens the hash of a key; an empty one is made when the key does not exist. */
  public void openOrCreate(Key key) {
    if (!key.found()) {
      key.put(LISTPACK, 0, EMPTY, 0, 0);
    }
    open(key);
  }

  private int fieldKey(byte[] field, int offset, int length) {
    if (fieldKey.length < length + PREFIX) {
      fieldKey = new byte[length + PREFIX + 64];
    }
    int hash = (int) (KeyHash.hash(field, offset, length, seed) >>> 32);
    fieldKey[0] = (byte) (hash >>> 24);
    fieldKey[1] = (byte) (hash >>> 16);
    fieldKey[2] = (byte) (hash >>> 8);
    fieldKey[3] = (byte) hash;
    System.arraycopy(field, offset, fieldKey, PREFIX, length);
    return length + PREFIX;
  }

  /** Finds a field of the open hash; then its value is at {@link #array}. */
  public boolean find(byte[] field, int offset, int length) {
    int size = fieldKey(field, offset, length);
    return tree().find(fieldKey, 0, size);
  }

  /** True when it is worth to {@link #expect} fields before several are changed. */
  public boolean mostlyCold() {
    return tree().mostlyCold();
  }

  /** Notes the page of a field of the open hash if it is not in memory. */
  public void expect(byte[] field, int offset, int length) {
    int size = fieldKey(field, offset, length);
    misses.expect(tree(), fieldKey, 0, size);
  }

  /** Ends expecting: what was not in memory is loaded first. */
  public void endExpecting() {
    misses.end();
  }

  /** Array of the value found. */
  public byte[] array() {
    return tree().array();
  }

  /** Start of the value found. */
  public int valueOffset() {
    return tree().valueOffset();
  }

  /** Length of the value found. */
  public int valueLength() {
    return tree().valueLength();
  }

  /** Sets a field of the open hash; true when it is new. */
  public boolean put(
      Key key,
      byte[] field,
      int offset,
      int length,
      byte[] value,
      int valueOffset,
      int valueLength) {
    int keyLength = fieldKey(field, offset, length);
    boolean added = tree().put(fieldKey, 0, keyLength, value, valueOffset, valueLength);
    if (key.ref.kind == LISTPACK) {
      long longest = Math.max(length, valueLength);
      if (longest > limits.hashValue() || added && size() > limits.hashEntries()) {
        key.task().kind(key.ref, HASHTABLE);
      }
    }
    return added;
  }

  /** Removes a field of the open hash. */
  public boolean remove(byte[] field, int offset, int length) {
    int size = fieldKey(field, offset, length);
    return tree().remove(fieldKey, 0, size);
  }

  /** Number of fields of the open hash. */
  public long size() {
    return tree().size();
  }

  /** True while the open hash is one leaf inside its entry. */
  public boolean small() {
    return tree().isInline();
  }

  /** The cursor over the fields of the open hash; keys have {@link #PREFIX} bytes in front. */
  public Cursor cursor() {
    return tree().cursor();
  }

  /** A tree over another entry, for readers beside the open one. */
  private PageTree over(ReadView task, Database database, Ref value) {
    other().bind(task, database.pages(), value, 0);
    return other();
  }

  @Override
  public void free(TaskState task, Database database, Ref value) {
    var old = over(task, database, value);
    if (!old.isInline()) {
      database.discard(task, old);
    }
  }

  @Override
  public void copy(Key from, Key to, long expireAtMs) {
    var source = over(from.task(), from.database(), from.ref);
    if (source.isInline()) {
      to.put(from.ref.kind, expireAtMs, from.ref.copyValue(), 0, from.ref.length);
      return;
    }
    to.put(from.ref.kind, expireAtMs, EMPTY, 0, 0);
    var target = tree();
    target.bind(to.task(), to.database().pages(), to.ref, 0);
    source.copyTo(target);
  }

  @Override
  public long size(TaskState task, Database database, Ref value) {
    return over(task, database, value).size();
  }

  @Override
  public long bytes(TaskState task, Database database, Ref value) {
    return task.footprint(value) + (long) over(task, database, value).pages() * SHAPE.pageBytes();
  }

  @Override
  public long digest(TaskState task, Database database, Ref value, long seed) {
    var fields = over(task, database, copy(value)).cursor();
    long sum = 0;
    for (boolean more = fields.seekFirst(); more; more = fields.next()) {
      int from = fields.keyOffset() + PREFIX;
      long field = KeyHash.hash(fields.array(), from, fields.keyLength() - PREFIX, seed);
      sum += KeyHash.hash(fields.array(), fields.valueOffset(), fields.valueLength(), field);
    }
    return sum;
  }

  /** The entry given to a visitor is reused; the tree needs one that stays. */
  private Ref copy(Ref value) {
    holder.array = value.array;
    holder.offset = value.offset;
    holder.length = value.length;
    holder.kind = value.kind;
    holder.handle = value.handle;
    return holder;
  }
}
