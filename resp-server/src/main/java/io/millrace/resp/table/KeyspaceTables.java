package io.millrace.resp.table;

import io.millrace.engine.query.Column;
import io.millrace.engine.query.ColumnType;
import io.millrace.engine.query.Table;
import io.millrace.engine.state.PageTree;
import io.millrace.engine.state.Ref;
import io.millrace.resp.keyspace.Keyspace;
import io.millrace.resp.keyspace.Kinds;
import io.millrace.resp.type.HashType;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** All tables of the keyspace. Bytes that are no UTF-8 show as replacement characters. */
public final class KeyspaceTables {
  private static final Column DB = new Column("db", ColumnType.INT, false);
  private static final Column KEY = new Column("key", ColumnType.TEXT, false);
  private static final Column FIELD = new Column("field", ColumnType.TEXT, false);
  private static final Column VALUE = new Column("value", ColumnType.TEXT, false);
  private static final Column EXPIRES = new Column("expires_at", ColumnType.TIMESTAMP, true);

  private KeyspaceTables() {}

  /** Tables over a keyspace. */
  public static List<Table> all(Keyspace keyspace) {
    return List.of(new Keys(keyspace), new Strings(keyspace), new Hashes(keyspace));
  }

  private static String keyText(Ref entry) {
    return text(entry.array, entry.keyOffset, entry.keyLength);
  }

  private static String text(byte[] bytes, int offset, int length) {
    return new String(bytes, offset, length, StandardCharsets.UTF_8);
  }

  @SuppressWarnings("NullAway") // a cell without a value is null
  private static Object expires(Ref entry) {
    return entry.expireAtMs == 0 ? null : (Object) entry.expireAtMs;
  }

  /** One row per key. */
  private static final class Keys extends KeyspaceTable {
    Keys(Keyspace keyspace) {
      super(
          keyspace,
          "keys",
          List.of(
              DB,
              KEY,
              new Column("type", ColumnType.TEXT, false),
              new Column("encoding", ColumnType.TEXT, false),
              EXPIRES,
              new Column("bytes", ColumnType.LONG, false)),
          List.of(0, 1));
    }

    @Override
    boolean shows(int kind) {
      return true;
    }

    @Override
    void rows(Place place, Ref entry, RowSink sink) {
      var type = keyspace().type(entry.kind);
      sink.row(
          new Object[] {
            place.database().index(),
            keyText(entry),
            type.name(),
            type.encoding(entry),
            expires(entry),
            (long) entry.length
          });
    }
  }

  /** One row per string. */
  private static final class Strings extends KeyspaceTable {
    Strings(Keyspace keyspace) {
      super(keyspace, "strings", List.of(DB, KEY, VALUE, EXPIRES), List.of(0, 1));
    }

    @Override
    boolean shows(int kind) {
      return Kinds.type(kind) == Kinds.type(Kinds.STRING);
    }

    @Override
    void rows(Place place, Ref entry, RowSink sink) {
      sink.row(
          new Object[] {
            place.database().index(),
            keyText(entry),
            text(entry.array, entry.offset, entry.length),
            expires(entry)
          });
    }
  }

  /** One row per field of a hash. */
  private static final class Hashes extends KeyspaceTable {
    Hashes(Keyspace keyspace) {
      super(keyspace, "hashes", List.of(DB, KEY, FIELD, VALUE, EXPIRES), List.of(0, 1, 2));
    }

    @Override
    boolean shows(int kind) {
      return Kinds.type(kind) == Kinds.type(Kinds.HASH);
    }

    @Override
    void rows(Place place, Ref entry, RowSink sink) {
      var owner = new Ref();
      owner.array = entry.array;
      owner.offset = entry.offset;
      owner.length = entry.length;
      owner.kind = entry.kind;
      var name = keyText(entry);
      var expires = expires(entry);
      var tree = new PageTree(HashType.SHAPE, keyspace().hashSeed());
      tree.bind(place.snapshot().task(place.task()), place.database().pages(), owner, 0);
      var cursor = tree.cursor();
      for (boolean more = cursor.seekFirst(); more; more = cursor.next()) {
        var field =
            text(
                cursor.array(),
                cursor.keyOffset() + HashType.PREFIX,
                cursor.keyLength() - HashType.PREFIX);
        var value = text(cursor.array(), cursor.valueOffset(), cursor.valueLength());
        sink.row(new Object[] {place.database().index(), name, field, value, expires});
      }
    }
  }
}
