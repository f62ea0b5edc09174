package io.millrace.sql.catalog;

import io.millrace.sql.types.PgType;
import java.util.List;

/** Schemas, types, databases, roles and settings. */
final class NameTables {
  private NameTables() {}

  static void addTo(VirtualTables tables) {
    namespaces(tables);
    types(tables);
    databases(tables);
    roles(tables);
    accessMethods(tables);
    lists(tables);
  }

  private static void namespaces(VirtualTables tables) {
    tables.table(
        "pg_namespace",
        "oid:o nspname:t nspowner:o nspacl:t",
        (catalog, rows) ->
            VirtualTables.schemas(catalog)
                .forEach(name ->
                    rows.add("oid", Oids.schema(name), "nspname", name, "nspowner", Oids.OWNER)));
  }

  private static void types(VirtualTables tables) {
    tables.table(
        "pg_type",
        "oid:o typname:t typnamespace:o typowner:o typlen:i typbyval:b typtype:t typcategory:t"
            + " typispreferred:b typisdefined:b typdelim:t typrelid:o typsubscript:t typelem:o"
            + " typarray:o typinput:t typoutput:t typreceive:t typsend:t typmodin:t typmodout:t"
            + " typanalyze:t typalign:t typstorage:t typnotnull:b typbasetype:o typtypmod:i"
            + " typndims:i typcollation:o typdefaultbin:t typdefault:t typacl:t",
        (catalog, rows) -> {
          for (var type : PgType.values()) {
            var element = type.element();
            rows.add(
                "oid",
                type.oid(),
                "typname",
                type.typname(),
                "typnamespace",
                Oids.PG_CATALOG,
                "typowner",
                Oids.OWNER,
                "typlen",
                type.length(),
                "typbyval",
                type.length() > 0,
                "typtype",
                "b",
                "typcategory",
                element == null ? "U" : "A",
                "typispreferred",
                false,
                "typisdefined",
                true,
                "typdelim",
                ",",
                "typrelid",
                0,
                "typelem",
                element == null ? 0 : element.oid(),
                "typarray",
                element == null && type != PgType.UNKNOWN ? type.array().oid() : 0,
                "typinput",
                element == null ? type.typname() + "_in" : "array_in",
                "typalign",
                "i",
                "typstorage",
                "p",
                "typnotnull",
                false,
                "typbasetype",
                0,
                "typtypmod",
                -1,
                "typndims",
                0,
                "typcollation",
                type == PgType.TEXT ? 100 : 0);
          }
        });
  }

  private static void databases(VirtualTables tables) {
    tables.table(
        "pg_database",
        "oid:o datname:t datdba:o encoding:i datlocprovider:t datistemplate:b datallowconn:b"
            + " datconnlimit:i datfrozenxid:o datminmxid:o dattablespace:o datcollate:t datctype:t"
            + " daticulocale:t datcollversion:t datacl:t",
        (catalog, rows) ->
            rows.add(
                "oid",
                Oids.DATABASE,
                "datname",
                "millrace",
                "datdba",
                Oids.OWNER,
                "encoding",
                6,
                "datlocprovider",
                "c",
                "datistemplate",
                false,
                "datallowconn",
                true,
                "datconnlimit",
                -1,
                "dattablespace",
                1663,
                "datcollate",
                "C",
                "datctype",
                "C"));
  }

  private static void roles(VirtualTables tables) {
    for (var roles : List.of("pg_roles", "pg_user", "pg_authid")) {
      tables.table(
          roles,
          "oid:o rolname:t rolsuper:b rolinherit:b rolcreaterole:b rolcreatedb:b rolcanlogin:b"
              + " rolconnlimit:i rolvaliduntil:t rolreplication:b rolbypassrls:b usename:t"
              + " usesysid:o usesuper:b",
          (catalog, rows) ->
              rows.add(
                  "oid",
                  Oids.OWNER,
                  "rolname",
                  "millrace",
                  "rolsuper",
                  false,
                  "rolinherit",
                  true,
                  "rolcreaterole",
                  false,
                  "rolcreatedb",
                  false,
                  "rolcanlogin",
                  true,
                  "rolconnlimit",
                  -1,
                  "rolreplication",
                  false,
                  "rolbypassrls",
                  false,
                  "usename",
                  "millrace",
                  "usesysid",
                  Oids.OWNER,
                  "usesuper",
                  false));
    }
  }

  private static void accessMethods(VirtualTables tables) {
    tables.table(
        "pg_am",
        "oid:o amname:t amhandler:t amtype:t",
        (catalog, rows) -> {
          rows.add("oid", 2, "amname", "heap", "amtype", "t");
          rows.add("oid", 403, "amname", "btree", "amtype", "i");
        });
    tables.table(
        "pg_collation",
        "oid:o collname:t collnamespace:o collowner:o collprovider:t collisdeterministic:b"
            + " collencoding:i collcollate:t collctype:t colliculocale:t collversion:t",
        (catalog, rows) ->
            rows.add(
                "oid",
                100,
                "collname",
                "default",
                "collnamespace",
                Oids.PG_CATALOG,
                "collowner",
                Oids.OWNER,
                "collprovider",
                "d",
                "collisdeterministic",
                true,
                "collencoding",
                -1));
  }

  private static void lists(VirtualTables tables) {
    tables.table(
        "pg_tables",
        "schemaname:t tablename:t tableowner:t tablespace:t hasindexes:b hasrules:b hastriggers:b"
            + " rowsecurity:b",
        (catalog, rows) ->
            catalog
                .tables()
                .forEach(table ->
                    rows.add(
                        "schemaname",
                        table.schema(),
                        "tablename",
                        table.name(),
                        "tableowner",
                        "millrace",
                        "hasindexes",
                        VirtualTables.keyed(table),
                        "hasrules",
                        false,
                        "hastriggers",
                        false,
                        "rowsecurity",
                        false)));
    tables.table(
        "pg_tablespace",
        "oid:o spcname:t spcowner:o spcacl:t spcoptions:t",
        (catalog, rows) -> rows.add("oid", 1663, "spcname", "pg_default", "spcowner", Oids.OWNER));
    tables.table(
        "pg_settings",
        "name:t setting:t unit:t category:t short_desc:t",
        (catalog, rows) -> {
          rows.add("name", "server_version", "setting", "14.0");
          rows.add("name", "server_version_num", "setting", "140000");
          rows.add("name", "max_index_keys", "setting", "32");
          rows.add("name", "standard_conforming_strings", "setting", "on");
        });
  }
}
