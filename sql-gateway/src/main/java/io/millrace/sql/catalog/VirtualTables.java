package io.millrace.sql.catalog;

import io.millrace.engine.table.Table;
import io.millrace.sql.plan.CatalogView;
import io.millrace.sql.run.VirtualTable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** Collects the virtual tables of one schema. */
final class VirtualTables {
  private final String schema;
  private final Supplier<CatalogView> view;
  private final List<Table> tables = new ArrayList<>();

  VirtualTables(String schema, Supplier<CatalogView> view) {
    this.schema = schema;
    this.view = view;
  }

  List<Table> all() {
    return tables;
  }

  /** Adds a table whose rows are made when it is read. */
  void table(String name, String columns, BiConsumer<CatalogView, Rows> fill) {
    var parsed = Rows.columns(columns);
    tables.add(
        new VirtualTable(
            schema,
            name,
            parsed,
            () -> {
              var rows = new Rows(parsed);
              fill.accept(view.get(), rows);
              return rows.all();
            }));
  }

  /** Adds a table without rows. */
  void empty(String name, String columns) {
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
}
