package io.millrace.resp.table;

import io.millrace.engine.state.Ref;
import io.millrace.engine.table.Column;
import io.millrace.engine.table.ColumnType;
import io.millrace.engine.table.Table;
import io.millrace.resp.keyspace.Keyspace;
import io.millrace.resp.keyspace.Kinds;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** All tables of the keyspace. Bytes that are no UTF-8 show as replacement characters. */
public final class KeyspaceTables {
  static final Column DB = new Column("db", ColumnType.INT, false);
  static final Column KEY = new Column("key", ColumnType.TEXT, false);
  private static final Column VALUE = new Column("value", ColumnType.TEXT, false);
  static final Column EXPIRES = new Column("expires_at", ColumnType.TIMESTAMP, true);

  private KeyspaceTables() {}

  /** Tables over a keyspace. */
  public static List<Table> all(Keyspace keyspace) {
    return List.of(
        new Keys(keyspace),
        new Strings(keyspace),
        CollectionTable.hashes(keyspace),
        CollectionTable.lists(keyspace),
        CollectionTable.sets(keyspace),
        CollectionTable.zsets(keyspace),
        CollectionTable.streams(keyspace));
  }

  static String keyText(Ref entry) {
    return text(entry.array, entry.keyOffset, entry.keyLength);
  }

  static String text(byte[] bytes, int offset, int length) {
    return new String(bytes, offset, length, StandardCharsets.UTF_8);
  }

  @SuppressWarnings("NullAway") // a cell without a value is null
  static Object expires(Ref entry) {
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
            type.encoding(place.view(), place.database().pages(), entry),
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
}
