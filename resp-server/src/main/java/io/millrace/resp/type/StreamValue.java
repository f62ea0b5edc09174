package io.millrace.resp.type;

import io.millrace.engine.state.ReadView;
import io.millrace.engine.state.Ref;
import io.millrace.engine.state.TaskState;
import io.millrace.engine.tree.Cursor;
import io.millrace.engine.tree.PageTree;
import io.millrace.engine.tree.TreeShape;
import io.millrace.resp.keyspace.Database;
import io.millrace.resp.keyspace.Key;
import io.millrace.resp.keyspace.Kinds;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A stream in a key's value, as a reusable view: a tree from ids to entries behind a header with
 * the version, the last id, the highest deleted id and the number of entries ever added. What an
 * entry looks like says {@link StreamEntry}.
 */
public final class StreamValue {
  private static final TreeShape SHAPE = TreeShape.keyed(4096, 2048, 100);
  private static final int LAST = 1;
  private static final int DELETED = LAST + StreamId.BYTES;
  private static final int ADDED = DELETED + StreamId.BYTES;
  private static final int HEADER = ADDED + 8;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final TreeValue value;
  private PageTree tree = new PageTree(SHAPE);
  private @Nullable TaskState task;
  private Ref ref = new Ref();

  /** Creates a view of nothing. */
  public StreamValue() {
    var header = new byte[HEADER];
    header[0] = 1;
    value = new TreeValue(Kinds.STREAM, SHAPE, header);
  }

  /** Views an existing stream. */
  public StreamValue open(Key key) {
    return open(key.task(), key.database(), key.ref);
  }

  /** Views the stream in a found entry. */
  public StreamValue open(TaskState in, Database database, Ref entry) {
    tree = value.open(in, database, entry);
    task = in;
    ref = entry;
    return this;
  }

  /** Views the stream of a key, which is made when there is none. */
  public StreamValue openOrCreate(Key key) {
    value.openOrCreate(key);
    return open(key);
  }

  /** The tree of entries; keys are ids. */
  public PageTree tree() {
    return tree;
  }

  /** The tree of a value at a cut; keys are ids. */
  public static PageTree at(ReadView view, int pages, Ref entry) {
    var tree = new PageTree(SHAPE);
    tree.bind(view, pages, entry, HEADER);
    return tree;
  }

  /** Number of entries. */
  public long size() {
    return tree.size();
  }

  /** The last id ever added. */
  public StreamId lastId() {
    return StreamId.read(ref.array, ref.offset + LAST);
  }

  /** The highest id that was deleted. */
  public StreamId deletedId() {
    return StreamId.read(ref.array, ref.offset + DELETED);
  }

  /** Number of entries ever added. */
  public long added() {
    return (long) LONGS.get(ref.array, ref.offset + ADDED);
  }

  /** Appends an entry with an id above the last. */
  public void append(StreamId id, byte[] entry, int length) {
    byte[] name = id.bytes();
    tree.put(name, 0, name.length, entry, 0, length);
    lastId(id);
    added(added() + 1);
  }

  /** Sets the last id. */
  public void lastId(StreamId id) {
    edit();
    id.write(ref.array, ref.offset + LAST);
  }

  /** Sets the number of entries ever added. */
  public void added(long count) {
    edit();
    LONGS.set(ref.array, ref.offset + ADDED, count);
  }

  /** Sets the highest deleted id. */
  public void deletedId(StreamId id) {
    edit();
    id.write(ref.array, ref.offset + DELETED);
  }

  private void edit() {
    Objects.requireNonNull(task).edit(ref);
  }

  /** Deletes an entry; false when it is not there. */
  public boolean delete(StreamId id) {
    byte[] name = id.bytes();
    if (!tree.remove(name, 0, name.length)) {
      return false;
    }
    if (id.compareTo(deletedId()) > 0) {
      deletedId(id);
    }
    return true;
  }

  /** Number of entries below an id. */
  public long rank(StreamId id) {
    byte[] name = id.bytes();
    return tree.rank(name, 0, name.length);
  }

  /** Puts a cursor on the first entry at or above an id. */
  public static boolean seek(Cursor cursor, StreamId id) {
    byte[] name = id.bytes();
    return cursor.seek(name, 0, name.length, true);
  }

  /** Puts a cursor on the last entry at or below an id. */
  public static boolean seekFloor(Cursor cursor, StreamId id) {
    byte[] name = id.bytes();
    return cursor.seekFloor(name, 0, name.length, true);
  }

  /** Id of the entry a cursor is on. */
  public static StreamId id(Cursor cursor) {
    return StreamId.read(cursor.array(), cursor.keyOffset());
  }

  /** Fields and values of the entry a cursor is on, one after the other. */
  public static List<byte[]> strings(Cursor cursor) {
    var all = new ArrayList<byte[]>();
    var strings = new StreamEntry.Strings().open(cursor);
    while (strings.next()) {
      int offset = strings.offset();
      all.add(Arrays.copyOfRange(strings.array(), offset, offset + strings.length()));
    }
    return all;
  }

  /** An entry as it is stored, of its fields and values. */
  public static byte[] encode(List<byte[]> strings) {
    var entry = new StreamEntry();
    for (byte[] string : strings) {
      entry.add(string, 0, string.length);
    }
    return Arrays.copyOf(entry.array(), entry.length());
  }

  TreeValue value() {
    return value;
  }
}
