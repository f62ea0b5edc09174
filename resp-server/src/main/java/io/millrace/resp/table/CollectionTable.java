package io.millrace.resp.table;

import io.millrace.engine.state.ReadView;
import io.millrace.engine.state.Ref;
import io.millrace.engine.table.Column;
import io.millrace.engine.table.ColumnType;
import io.millrace.engine.tree.Cursor;
import io.millrace.engine.tree.PageTree;
import io.millrace.resp.keyspace.Keyspace;
import io.millrace.resp.keyspace.Kinds;
import io.millrace.resp.type.HashType;
import io.millrace.resp.type.ListType;
import io.millrace.resp.type.SetValue;
import io.millrace.resp.type.StreamValue;
import io.millrace.resp.type.ZSetKey;
import io.millrace.resp.type.ZSetValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A table of one collection type: a row per element, or per field of an element. Its columns are
 * database, key, those of the element, and when the key expires.
 */
final class CollectionTable extends KeyspaceTable {
  private final int kind;
  private final Trees trees;
  private final Elements elements;

  /** Opens the tree of a value at a cut. */
  private interface Trees {
    PageTree at(ReadView view, int pages, Ref entry);
  }

  /** Makes rows of the element a cursor is on. */
  private interface Elements {
    void rows(Cursor cursor, ElementSink sink);
  }

  /** Takes the cells of an element. */
  private interface ElementSink {
    void row(Object... cells);
  }

  private CollectionTable(
      Keyspace keyspace,
      String name,
      int kind,
      int keys,
      List<Column> element,
      Trees trees,
      Elements elements) {
    super(keyspace, name, columns(element), IntStream.range(0, 2 + keys).boxed().toList());
    this.kind = kind;
    this.trees = trees;
    this.elements = elements;
  }

  private static List<Column> columns(List<Column> element) {
    var columns = new ArrayList<Column>();
    columns.add(KeyspaceTables.DB);
    columns.add(KeyspaceTables.KEY);
    columns.addAll(element);
    columns.add(KeyspaceTables.EXPIRES);
    return columns;
  }

  private static Column column(String name, ColumnType type) {
    return new Column(name, type, false);
  }

  /** One row per field of a hash. */
  static CollectionTable hashes(Keyspace keyspace) {
    return new CollectionTable(
        keyspace,
        "hashes",
        Kinds.HASH,
        1,
        List.of(column("field", ColumnType.TEXT), column("value", ColumnType.TEXT)),
        HashType::at,
        (cursor, sink) -> sink.row(key(cursor, HashType.PREFIX), value(cursor)));
  }

  /** One row per element of a list, counted from 0. */
  static CollectionTable lists(Keyspace keyspace) {
    return new CollectionTable(
        keyspace,
        "lists",
        Kinds.LIST,
        1,
        List.of(column("index", ColumnType.LONG), column("value", ColumnType.TEXT)),
        ListType::at,
        (cursor, sink) -> sink.row(cursor.rank(), value(cursor)));
  }

  /** One row per member of a set. */
  static CollectionTable sets(Keyspace keyspace) {
    return new CollectionTable(
        keyspace,
        "sets",
        Kinds.SET,
        1,
        List.of(column("member", ColumnType.TEXT)),
        SetValue::at,
        (cursor, sink) -> sink.row(key(cursor, SetValue.HASH)));
  }

  /** One row per member of a sorted set. */
  static CollectionTable zsets(Keyspace keyspace) {
    return new CollectionTable(
        keyspace,
        "zsets",
        Kinds.ZSET,
        1,
        List.of(column("member", ColumnType.TEXT), column("score", ColumnType.DOUBLE)),
        ZSetValue::at,
        (cursor, sink) -> sink.row(key(cursor, ZSetKey.SCORE), ZSetKey.score(cursor)));
  }

  /** One row per field of an entry of a stream; fields may repeat, so they are counted. */
  static CollectionTable streams(Keyspace keyspace) {
    return new CollectionTable(
        keyspace,
        "streams",
        Kinds.STREAM,
        2,
        List.of(
            column("id", ColumnType.TEXT),
            column("position", ColumnType.INT),
            column("field", ColumnType.TEXT),
            column("value", ColumnType.TEXT)),
        StreamValue::at,
        (cursor, sink) -> {
          var id = StreamValue.id(cursor).toString();
          var strings = StreamValue.strings(cursor);
          for (int i = 0; i + 1 < strings.size(); i += 2) {
            sink.row(id, i / 2, utf8(strings.get(i)), utf8(strings.get(i + 1)));
          }
        });
  }

  private static String key(Cursor cursor, int prefix) {
    return KeyspaceTables.text(
        cursor.array(), cursor.keyOffset() + prefix, cursor.keyLength() - prefix);
  }

  private static String value(Cursor cursor) {
    return KeyspaceTables.text(cursor.array(), cursor.valueOffset(), cursor.valueLength());
  }

  private static String utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  boolean shows(int entryKind) {
    return Kinds.type(entryKind) == Kinds.type(kind);
  }

  @Override
  void rows(Place place, Ref entry, RowSink sink) {
    var owner = new Ref();
    owner.array = entry.array;
    owner.offset = entry.offset;
    owner.length = entry.length;
    owner.kind = entry.kind;
    var db = place.database().index();
    var name = KeyspaceTables.keyText(entry);
    var expires = KeyspaceTables.expires(entry);
    var tree = trees.at(place.view(), place.database().pages(), owner);
    var cursor = tree.cursor();
    for (boolean more = cursor.seekFirst(); more; more = cursor.next()) {
      elements.rows(cursor, cells -> sink.row(row(db, name, cells, expires)));
    }
  }

  @SuppressWarnings("NullAway") // a key that does not expire has a null there
  private static Object[] row(int db, String name, Object[] cells, Object expires) {
    var row = new Object[cells.length + 3];
    row[0] = db;
    row[1] = name;
    System.arraycopy(cells, 0, row, 2, cells.length);
    row[row.length - 1] = expires;
    return row;
  }
}
