package io.millrace.sql.catalog;

import io.millrace.engine.table.Table;
import io.millrace.sql.expr.PgTypes;
import io.millrace.sql.types.PgType;

/** Tables, their indexes and their columns. */
final class RelationTables {
  private RelationTables() {}

  static void addTo(VirtualTables tables) {
    classes(tables);
    attributes(tables);
  }

  private static void classes(VirtualTables tables) {
    tables.table(
        "pg_class",
        "oid:o relname:t relnamespace:o reltype:o reloftype:o relowner:o relam:o relfilenode:o"
            + " reltablespace:o relpages:i reltuples:d relallvisible:i reltoastrelid:o"
            + " relhasindex:b relisshared:b relpersistence:t relkind:t relnatts:i relchecks:i"
            + " relhasrules:b relhastriggers:b relhassubclass:b relrowsecurity:b"
            + " relforcerowsecurity:b relispopulated:b relreplident:t relispartition:b"
            + " relrewrite:o relfrozenxid:o relminmxid:o relacl:t reloptions:t relpartbound:t",
        (catalog, rows) -> {
          for (var table : catalog.tables()) {
            relation(rows, table, Oids.table(table), table.name(), "r", table.columns().size());
            if (VirtualTables.keyed(table)) {
              relation(
                  rows, table, Oids.index(table), table.name() + "_pkey", "i", table.key().size());
            }
          }
        });
  }

  private static void attributes(VirtualTables tables) {
    tables.table(
        "pg_attribute",
        "attrelid:o attname:t atttypid:o attstattarget:i attlen:i attnum:i attndims:i"
            + " attcacheoff:i atttypmod:i attbyval:b attstorage:t attalign:t attnotnull:b"
            + " atthasdef:b atthasmissing:b attidentity:t attgenerated:t attisdropped:b"
            + " attislocal:b attinhcount:i attcollation:o attcompression:t attacl:t attoptions:t"
            + " attfdwoptions:t attmissingval:t",
        (catalog, rows) -> {
          for (var table : catalog.tables()) {
            for (int i = 0; i < table.columns().size(); i++) {
              attribute(rows, table, Oids.table(table), i, i + 1);
            }
            for (int i = 0; i < table.key().size(); i++) {
              attribute(rows, table, Oids.index(table), table.key().get(i), i + 1);
            }
          }
        });
  }

  private static void relation(
      Rows rows, Table table, int oid, String name, String kind, int columns) {
    rows.add(
        "oid",
        oid,
        "relname",
        name,
        "relnamespace",
        Oids.schema(table.schema()),
        "reltype",
        0,
        "reloftype",
        0,
        "relowner",
        Oids.OWNER,
        "relam",
        kind.equals("i") ? 403 : 2,
        "relfilenode",
        oid,
        "reltablespace",
        0,
        "relpages",
        1,
        "reltuples",
        0.0,
        "relallvisible",
        0,
        "reltoastrelid",
        0,
        "relhasindex",
        kind.equals("r") && VirtualTables.keyed(table),
        "relisshared",
        false,
        "relpersistence",
        "p",
        "relkind",
        kind,
        "relnatts",
        columns,
        "relchecks",
        0,
        "relhasrules",
        false,
        "relhastriggers",
        false,
        "relhassubclass",
        false,
        "relrowsecurity",
        false,
        "relforcerowsecurity",
        false,
        "relispopulated",
        true,
        "relreplident",
        "d",
        "relispartition",
        false,
        "relrewrite",
        0,
        "relfrozenxid",
        0,
        "relminmxid",
        0);
  }

  private static void attribute(Rows rows, Table table, int relation, int column, int number) {
    var declared = table.columns().get(column);
    var type = PgTypes.of(declared.type());
    rows.add(
        "attrelid",
        relation,
        "attname",
        declared.name(),
        "atttypid",
        type.oid(),
        "attstattarget",
        -1,
        "attlen",
        type.length(),
        "attnum",
        number,
        "attndims",
        0,
        "attcacheoff",
        -1,
        "atttypmod",
        -1,
        "attbyval",
        type.length() > 0,
        "attstorage",
        type.length() > 0 ? "p" : "x",
        "attalign",
        "i",
        "attnotnull",
        !declared.nullable(),
        "atthasdef",
        false,
        "atthasmissing",
        false,
        "attidentity",
        "",
        "attgenerated",
        "",
        "attisdropped",
        false,
        "attislocal",
        true,
        "attinhcount",
        0,
        "attcollation",
        type == PgType.TEXT ? 100 : 0,
        "attcompression",
        "");
  }
}
