package io.millrace.sql.catalog;

import io.millrace.engine.table.Table;
import java.util.Map;

/** Object ids that stay the same as long as the names do. */
public final class Oids {
  static final int PG_CATALOG = 11;
  static final int PUBLIC = 2200;
  static final int INFORMATION_SCHEMA = 13_000;
  static final int OWNER = 10;
  static final int DATABASE = 5;
  private static final int FIRST = 16_384;
  private static final int MASK = 0x3FFF_FFFF;
  private static final Map<String, Integer> KNOWN =
      Map.of(
          "pg_class", 1259,
          "pg_type", 1247,
          "pg_attribute", 1249,
          "pg_proc", 1255,
          "pg_namespace", 2615,
          "pg_constraint", 2606,
          "pg_index", 2610,
          "pg_description", 2609,
          "pg_database", 1262,
          "pg_am", 2601);

  private Oids() {}

  /** Object id of a table. */
  public static int table(Table table) {
    var known = KNOWN.get(table.name());
    return known != null && table.schema().equals("pg_catalog")
        ? known
        : named("table " + table.schema() + "." + table.name());
  }

  static int index(Table table) {
    return named("index " + table.schema() + "." + table.name());
  }

  static int constraint(Table table) {
    return named("constraint " + table.schema() + "." + table.name());
  }

  static int schema(String name) {
    return switch (name) {
      case "pg_catalog" -> PG_CATALOG;
      case "public" -> PUBLIC;
      case "information_schema" -> INFORMATION_SCHEMA;
      default -> named("schema " + name);
    };
  }

  private static int named(String name) {
    long hash = 0xCBF2_9CE4_8422_2325L;
    for (int i = 0; i < name.length(); i++) {
      hash = (hash ^ name.charAt(i)) * 0x100_0000_01B3L;
    }
    return FIRST + (int) ((hash ^ hash >>> 32) & MASK);
  }
}
