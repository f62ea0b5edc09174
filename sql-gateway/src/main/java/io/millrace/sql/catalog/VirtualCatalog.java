package io.millrace.sql.catalog;

import io.millrace.engine.query.Table;
import io.millrace.sql.expr.PgTypes;
import io.millrace.sql.plan.CatalogView;
import io.millrace.sql.run.VirtualTable;
import io.millrace.sql.types.PgType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** pg_catalog: the tables that clients read to learn what is there. */
public final class VirtualCatalog {
  /*
   * This file is long because it is one list: each table of pg_catalog that a client has been seen
   * to read, with the columns it asks for. Splitting the list would only hide what is missing from
   * it. A table that has rows here derives them from the catalogue of the moment; the others exist
   * so that the queries of psql, pgjdbc and the tools around them find an empty table and not an
   * error. Column lists are text, name and type letter, because a reader compares them with the
   * documentation of PostgreSQL side by side; Rows turns them into columns once, when the catalogue
   * is made. Nothing in here is on the path of a user's query: statements that read pg_catalog are
   * rare and small.
   */

  private static final String SCHEMA = "pg_catalog";

  private final Supplier<CatalogView> view;
  private final List<Table> tables = new ArrayList<>();

  private VirtualCatalog(Supplier<CatalogView> view) {
    this.view = view;
  }

  /** All virtual tables over a view. */
  public static List<Table> tables(Supplier<CatalogView> view) {
    var catalog = new VirtualCatalog(view);
    catalog.relations();
    catalog.keys();
    catalog.constraints();
    catalog.defaults();
    catalog.names();
    catalog.types();
    catalog.roles();
    catalog.empty();
    var all = new ArrayList<>(catalog.tables);
    all.addAll(InformationSchema.tables(view));
    return all;
  }

  private void table(String name, String columns, BiConsumer<CatalogView, Rows> fill) {
    var parsed = Rows.columns(columns);
    tables.add(
        new VirtualTable(
            SCHEMA,
            name,
            parsed,
            () -> {
              var rows = new Rows(parsed);
              fill.accept(view.get(), rows);
              return rows.all();
            }));
  }

  private void empty(String name, String columns) {
    table(name, columns, (catalog, rows) -> {});
  }

  static Set<String> schemas(CatalogView catalog) {
    var schemas = new LinkedHashSet<String>();
    schemas.add("public");
    catalog.tables().forEach(table -> schemas.add(table.schema()));
    return schemas;
  }

  static boolean keyed(Table table) {
    return !table.key().isEmpty();
  }

  private void relations() {
    table(
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
            if (keyed(table)) {
              relation(
                  rows, table, Oids.index(table), table.name() + "_pkey", "i", table.key().size());
            }
          }
        });
    table(
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
        kind.equals("r") && keyed(table),
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

  private void keys() {
    table(
        "pg_index",
        "indexrelid:o indrelid:o indnatts:i indnkeyatts:i indisunique:b indnullsnotdistinct:b"
            + " indisprimary:b indisexclusion:b indimmediate:b indisclustered:b indisvalid:b"
            + " indcheckxmin:b indisready:b indislive:b indisreplident:b indkey:t indcollation:t"
            + " indclass:t indoption:t indexprs:t indpred:t",
        (catalog, rows) ->
            catalog.tables().stream()
                .filter(VirtualCatalog::keyed)
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

  private void constraints() {
    table(
        "pg_constraint",
        "oid:o conname:t connamespace:o contype:t condeferrable:b condeferred:b convalidated:b"
            + " conrelid:o contypid:o conindid:o conparentid:o confrelid:o confupdtype:t"
            + " confdeltype:t confmatchtype:t conislocal:b coninhcount:i connoinherit:b conkey:t"
            + " confkey:t conpfeqop:t conppeqop:t conffeqop:t confdelsetcols:t conexclop:t"
            + " conbin:t",
        (catalog, rows) ->
            catalog.tables().stream()
                .filter(VirtualCatalog::keyed)
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

  private void defaults() {
    table(
        "pg_key_vectors",
        "vector:t x:i n:i",
        (catalog, rows) ->
            catalog.tables().stream()
                .map(VirtualCatalog::vector)
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
    table(
        "pg_definitions",
        "oid:o definition:t",
        (catalog, rows) ->
            catalog.tables().stream()
                .filter(VirtualCatalog::keyed)
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

  private void names() {
    table(
        "pg_namespace",
        "oid:o nspname:t nspowner:o nspacl:t",
        (catalog, rows) ->
            schemas(catalog)
                .forEach(name ->
                    rows.add("oid", Oids.schema(name), "nspname", name, "nspowner", Oids.OWNER)));
    table(
        "pg_type",
        "oid:o typname:t typnamespace:o typowner:o typlen:i typbyval:b typtype:t typcategory:t"
            + " typispreferred:b typisdefined:b typdelim:t typrelid:o typsubscript:t typelem:o"
            + " typarray:o typinput:t typoutput:t typreceive:t typsend:t typmodin:t typmodout:t"
            + " typanalyze:t typalign:t typstorage:t typnotnull:b typbasetype:o typtypmod:i"
            + " typndims:i typcollation:o typdefaultbin:t typdefault:t typacl:t",
        (catalog, rows) -> {
          for (var type : PgType.values()) {
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
                "U",
                "typispreferred",
                false,
                "typisdefined",
                true,
                "typdelim",
                ",",
                "typrelid",
                0,
                "typelem",
                0,
                "typarray",
                0,
                "typinput",
                type.typname() + "_in",
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

  private void types() {
    table(
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
    for (var roles : List.of("pg_roles", "pg_user", "pg_authid")) {
      table(
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

  private void roles() {
    table(
        "pg_am",
        "oid:o amname:t amhandler:t amtype:t",
        (catalog, rows) -> {
          rows.add("oid", 2, "amname", "heap", "amtype", "t");
          rows.add("oid", 403, "amname", "btree", "amtype", "i");
        });
    table(
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
    table(
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
                        keyed(table),
                        "hasrules",
                        false,
                        "hastriggers",
                        false,
                        "rowsecurity",
                        false)));
    table(
        "pg_tablespace",
        "oid:o spcname:t spcowner:o spcacl:t spcoptions:t",
        (catalog, rows) -> rows.add("oid", 1663, "spcname", "pg_default", "spcowner", Oids.OWNER));
    table(
        "pg_settings",
        "name:t setting:t unit:t category:t short_desc:t",
        (catalog, rows) -> {
          rows.add("name", "server_version", "setting", "14.0");
          rows.add("name", "server_version_num", "setting", "140000");
          rows.add("name", "max_index_keys", "setting", "32");
          rows.add("name", "standard_conforming_strings", "setting", "on");
        });
  }

  private void empty() {
    empty("pg_attrdef", "oid:o adrelid:o adnum:i adbin:t");
    empty("pg_description", "objoid:o classoid:o objsubid:i description:t");
    empty("pg_shdescription", "objoid:o classoid:o description:t");
    empty("pg_inherits", "inhrelid:o inhparent:o inhseqno:i inhdetachpending:b");
    empty(
        "pg_proc",
        "oid:o proname:t pronamespace:o proowner:o prolang:o prokind:t prorettype:o"
            + " proargtypes:t proargnames:t proargmodes:t proallargtypes:t pronargs:i"
            + " provariadic:o proretset:b provolatile:t proacl:t prosrc:t proisstrict:b"
            + " prosecdef:b proparallel:t procost:d prorows:d");
    empty("pg_extension", "oid:o extname:t extowner:o extnamespace:o extversion:t");
    empty("pg_enum", "oid:o enumtypid:o enumsortorder:d enumlabel:t");
    empty("pg_range", "rngtypid:o rngsubtype:o rngmultitypid:o");
    empty("pg_auth_members", "roleid:o member:o grantor:o admin_option:b");
    empty(
        "pg_trigger",
        "oid:o tgrelid:o tgparentid:o tgname:t tgfoid:o tgtype:i tgenabled:t tgisinternal:b"
            + " tgconstraint:o tgdeferrable:b tginitdeferred:b tgargs:t");
    empty(
        "pg_policy",
        "oid:o polname:t polrelid:o polcmd:t polpermissive:b polroles:t polqual:t"
            + " polwithcheck:t");
    empty("pg_rewrite", "oid:o rulename:t ev_class:o ev_type:t ev_enabled:t is_instead:b");
    empty(
        "pg_publication",
        "oid:o pubname:t pubowner:o puballtables:b pubinsert:b pubupdate:b pubdelete:b"
            + " pubtruncate:b pubviaroot:b");
    empty("pg_publication_rel", "oid:o prpubid:o prrelid:o prqual:t prattrs:t");
    empty("pg_publication_namespace", "oid:o pnpubid:o pnnspid:o");
    empty(
        "pg_statistic_ext",
        "oid:o stxrelid:o stxname:t stxnamespace:o stxowner:o stxstattarget:i stxkeys:t"
            + " stxkind:t stxexprs:t");
    empty("pg_foreign_table", "ftrelid:o ftserver:o ftoptions:t");
    empty("pg_foreign_server", "oid:o srvname:t srvowner:o srvfdw:o srvoptions:t");
    empty("pg_foreign_data_wrapper", "oid:o fdwname:t fdwowner:o fdwoptions:t");
    empty("pg_partitioned_table", "partrelid:o partstrat:t partnatts:i partdefid:o");
    empty(
        "pg_depend",
        "classid:o objid:o objsubid:i refclassid:o refobjid:o refobjsubid:i deptype:t");
    empty("pg_views", "schemaname:t viewname:t viewowner:t definition:t");
    empty("pg_matviews", "schemaname:t matviewname:t matviewowner:t definition:t");
    empty("pg_sequence", "seqrelid:o seqtypid:o seqstart:l seqincrement:l seqmax:l seqmin:l");
    empty("pg_language", "oid:o lanname:t lanowner:o");
    empty("pg_operator", "oid:o oprname:t oprnamespace:o oprleft:o oprright:o oprresult:o");
    empty("pg_opclass", "oid:o opcname:t opcnamespace:o opcmethod:o opcintype:o opcdefault:b");
    empty("pg_aggregate", "aggfnoid:o aggkind:t");
    empty("pg_cast", "oid:o castsource:o casttarget:o castfunc:o castcontext:t");
    empty("pg_event_trigger", "oid:o evtname:t");
    empty("pg_stat_activity", "datid:o datname:t pid:i usename:t state:t query:t");
    empty("pg_locks", "locktype:t database:o relation:o pid:i mode:t granted:b");
    empty("pg_db_role_setting", "setdatabase:o setrole:o setconfig:t");
    empty("pg_default_acl", "oid:o defaclrole:o defaclnamespace:o defaclobjtype:t defaclacl:t");
    empty("pg_subscription", "oid:o subname:t subowner:o subenabled:b");
    empty("pg_conversion", "oid:o conname:t connamespace:o");
    empty("pg_ts_config", "oid:o cfgname:t cfgnamespace:o");
    empty("pg_largeobject_metadata", "oid:o lomowner:o lomacl:t");
    empty("pg_seclabel", "objoid:o classoid:o objsubid:i provider:t label:t");
    empty("pg_timezone_names", "name:t abbrev:t utc_offset:t is_dst:b");
  }
}
