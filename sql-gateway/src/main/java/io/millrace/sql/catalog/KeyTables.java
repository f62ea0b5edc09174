package io.millrace.sql.catalog;

import io.millrace.engine.table.Table;

/** Primary keys: as indexes, as constraints, as vectors of column numbers. */
final class KeyTables {
  private KeyTables() {}

  static void addTo(VirtualTables tables) {
    indexes(tables);
    constraints(tables);
    vectors(tables);
    definitions(tables);
  }

  private static void indexes(VirtualTables tables) {
    tables.table(
        "pg_index",
        "indexrelid:o indrelid:o indnatts:i indnkeyatts:i indisunique:b indnullsnotdistinct:b"
            + " indisprimary:b indisexclusion:b indimmediate:b indisclustered:b indisvalid:b"
            + " indcheckxmin:b indisready:b indislive:b indisreplident:b indkey:t indcollation:t"
            + " indclass:t indoption:t indexprs:t indpred:t",
        (catalog, rows) ->
            catalog.tables().stream()
                .filter(VirtualTables::keyed)
                .forEach(table ->
                    rows.add(
                        "indexrelid",
                        Oids.index(table),
                        "indrelid",
                        Oids.table(table),
                        "indnatts",
                        table.key().size(),
                        "indnkeyatts",
                        table.key().size(),
                        "indisunique",
                        true,
                        "indnullsnotdistinct",
                        false,
                        "indisprimary",
                        true,
                        "indisexclusion",
                        false,
                        "indimmediate",
                        true,
                        "indisclustered",
                        false,
                        "indisvalid",
                        true,
                        "indcheckxmin",
                        false,
                        "indisready",
                        true,
                        "indislive",
                        true,
                        "indisreplident",
                        false,
                        "indkey",
                        vector(table),
                        "indoption",
                        "0")));
  }

  private static void constraints(VirtualTables tables) {
    tables.table(
        "pg_constraint",
        "oid:o conname:t connamespace:o contype:t condeferrable:b condeferred:b convalidated:b"
            + " conrelid:o contypid:o conindid:o conparentid:o confrelid:o confupdtype:t"
            + " confdeltype:t confmatchtype:t conislocal:b coninhcount:i connoinherit:b conkey:t"
            + " confkey:t conpfeqop:t conppeqop:t conffeqop:t confdelsetcols:t conexclop:t"
            + " conbin:t",
        (catalog, rows) ->
            catalog.tables().stream()
                .filter(VirtualTables::keyed)
                .forEach(table ->
                    rows.add(
                        "oid",
                        Oids.constraint(table),
                        "conname",
                        table.name() + "_pkey",
                        "connamespace",
                        Oids.schema(table.schema()),
                        "contype",
                        "p",
                        "condeferrable",
                        false,
                        "condeferred",
                        false,
                        "convalidated",
                        true,
                        "conrelid",
                        Oids.table(table),
                        "contypid",
                        0,
                        "conindid",
                        Oids.index(table),
                        "conparentid",
                        0,
                        "confrelid",
                        0,
                        "conislocal",
                        true,
                        "coninhcount",
                        0,
                        "connoinherit",
                        true,
                        "conkey",
                        array(vector(table)))));
  }

  private static void vectors(VirtualTables tables) {
    tables.table(
        "pg_key_vectors",
        "vector:t x:i n:i",
        (catalog, rows) ->
            catalog.tables().stream()
                .map(KeyTables::vector)
                .filter(vector -> !vector.isEmpty())
                .distinct()
                .forEach(vector -> {
                  var parts = vector.split(" ");
                  for (int i = 0; i < parts.length; i++) {
                    var x = Integer.valueOf(parts[i]);
                    rows.add("vector", vector, "x", x, "n", i + 1);
                    rows.add("vector", array(vector), "x", x, "n", i + 1);
                  }
                }));
  }

  private static void definitions(VirtualTables tables) {
    tables.table(
        "pg_definitions",
        "oid:o definition:t",
        (catalog, rows) ->
            catalog.tables().stream()
                .filter(VirtualTables::keyed)
                .forEach(table -> {
                  var columns = keyColumns(table);
                  rows.add(
                      "oid",
                      Oids.index(table),
                      "definition",
                      "CREATE UNIQUE INDEX "
                          + table.name()
                          + "_pkey ON "
                          + table.schema()
                          + "."
                          + table.name()
                          + " USING btree ("
                          + columns
                          + ")");
                  rows.add(
                      "oid", Oids.constraint(table), "definition", "PRIMARY KEY (" + columns + ")");
                }));
  }

  private static String keyColumns(Table table) {
    return String.join(
        ", ", table.key().stream().map(column -> table.columns().get(column).name()).toList());
  }

  private static String vector(Table table) {
    return String.join(
        " ", table.key().stream().map(column -> Integer.toString(column + 1)).toList());
  }

  private static String array(String vector) {
    return "{" + vector.replace(' ', ',') + "}";
  }
}
