package io.millrace.sql.plan;

import io.millrace.engine.table.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.ToDoubleFunction;
import org.apache.calcite.config.CalciteConnectionConfigImpl;
import org.apache.calcite.config.CalciteConnectionProperty;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.impl.AbstractSchema;
import org.apache.calcite.sql.validate.SqlNameMatchers;
import org.jspecify.annotations.Nullable;

/** All tables at one version of the catalogue. */
public final class CatalogView {
  /** Schema of the names that need no qualification; not visible to users. */
  private static final String UNIQUE = "*unique*";

  private final long version;
  private final List<Table> source;
  private final List<Table> tables;
  private final Map<String, Map<String, Table>> bySchema = new LinkedHashMap<>();
  private final Map<String, Table> unique = new HashMap<>();
  private final CalciteSchema root;

  /**
   * A view.
   *
   * @param source the tables as the supplier gave them
   * @param tables these and the virtual ones
   */
  CatalogView(
      long version, List<Table> source, List<Table> tables, ToDoubleFunction<Table> rowCounts) {
    this.version = version;
    this.source = List.copyOf(source);
    this.tables = List.copyOf(tables);
    for (var table : tables) {
      bySchema
          .computeIfAbsent(table.schema(), name -> new LinkedHashMap<>())
          .put(table.name(), table);
    }
    var seen = new HashMap<String, Integer>();
    for (var table : tables) {
      if (!hidden(table)) {
        seen.merge(table.name(), 1, Integer::sum);
      }
    }
    for (var table : tables) {
      if (!hidden(table) && seen.getOrDefault(table.name(), 0) == 1) {
        unique.put(table.name(), table);
      }
    }
    root = schema(rowCounts);
  }

  private static boolean hidden(Table table) {
    return table.schema().equals("pg_catalog") || table.schema().equals("information_schema");
  }

  private CalciteSchema schema(ToDoubleFunction<Table> rowCounts) {
    var schema = CalciteSchema.createRootSchema(false, false);
    bySchema.forEach((name, members) -> schema.add(name, fixed(members, rowCounts)));
    schema.add(UNIQUE, fixed(unique, rowCounts));
    return schema;
  }

  private static AbstractSchema fixed(
      Map<String, Table> members, ToDoubleFunction<Table> rowCounts) {
    var tables = new LinkedHashMap<String, org.apache.calcite.schema.Table>();
    members.forEach((name, table) -> tables.put(name, new CatalogTable(table, rowCounts)));
    return new AbstractSchema() {
      @Override
      protected Map<String, org.apache.calcite.schema.Table> getTableMap() {
        return tables;
      }
    };
  }

  /** Number of this version; part of the plan cache's key. */
  public long version() {
    return version;
  }

  /** True when the supplier still gives these tables. */
  boolean isOf(List<Table> current) {
    if (current.size() != source.size()) {
      return false;
    }
    for (int i = 0; i < source.size(); i++) {
      if (source.get(i) != current.get(i)) {
        return false;
      }
    }
    return true;
  }

  /** Every table, the virtual ones included. */
  public List<Table> tables() {
    return tables;
  }

  /** The table of a name as written, or null. */
  public @Nullable Table find(List<String> names) {
    if (names.size() == 1) {
      var ours = unique.get(names.getFirst());
      return ours != null
          ? ours
          : bySchema.getOrDefault("pg_catalog", Map.of()).get(names.getFirst());
    }
    return names.size() == 2
        ? bySchema.getOrDefault(names.get(0), Map.of()).get(names.get(1))
        : null;
  }

  /** Schemas that hold a table of this name. */
  List<String> schemasOf(String name) {
    var found = new ArrayList<String>();
    bySchema.forEach((schema, members) -> {
      if (members.containsKey(name)) {
        found.add(schema);
      }
    });
    return found;
  }

  /** Names a user could have meant, as they would be written. */
  List<String> names(boolean qualified) {
    return tables.stream()
        .filter(table -> !hidden(table))
        .map(table -> qualified ? table.schema() + "." + table.name() : table.name())
        .toList();
  }

  /** Calcite's reader over this view. */
  CalciteCatalogReader reader(RelDataTypeFactory types) {
    var properties = new Properties();
    properties.setProperty(CalciteConnectionProperty.CASE_SENSITIVE.camelName(), "true");
    return new Reader(root, types, new CalciteConnectionConfigImpl(properties));
  }

  /** A reader with several schemas on its path. */
  private static final class Reader extends CalciteCatalogReader {
    Reader(CalciteSchema root, RelDataTypeFactory types, CalciteConnectionConfigImpl config) {
      super(
          root,
          SqlNameMatchers.withCaseSensitive(true),
          List.of(List.of(UNIQUE), List.of("pg_catalog"), List.of()),
          types,
          config);
    }
  }
}
