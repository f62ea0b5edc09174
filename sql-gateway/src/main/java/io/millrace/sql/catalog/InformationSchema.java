package io.millrace.sql.catalog;

import io.millrace.engine.table.Table;
import io.millrace.sql.expr.PgTypes;
import io.millrace.sql.plan.CatalogView;
import io.millrace.sql.run.VirtualTable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** information_schema: the standard's view of the same facts. */
final class InformationSchema {
  private static final String SCHEMA = "information_schema";
  private static final String DATABASE = "millrace";

  private final Supplier<CatalogView> view;
  private final List<Table> tables = new ArrayList<>();

  private InformationSchema(Supplier<CatalogView> view) {
    this.view = view;
  }

  static List<Table> tables(Supplier<CatalogView> view) {
    var schema = new InformationSchema(view);
    schema.relations();
    schema.keys();
    return schema.tables;
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

  private void relations() {
    table(
        "schemata",
        "catalog_name:t schema_name:t schema_owner:t default_character_set_name:t",
        (catalog, rows) ->
            VirtualTables.schemas(catalog)
                .forEach(name ->
                    rows.add(
                        "catalog_name", DATABASE, "schema_name", name, "schema_owner", DATABASE)));
    table(
        "tables",
        "table_catalog:t table_schema:t table_name:t table_type:t is_insertable_into:t",
        (catalog, rows) ->
            catalog
                .tables()
                .forEach(table ->
                    rows.add(
                        "table_catalog",
                        DATABASE,
                        "table_schema",
                        table.schema(),
                        "table_name",
                        table.name(),
                        "table_type",
                        "BASE TABLE",
                        "is_insertable_into",
                        table.appendable() ? "YES" : "NO")));
    table(
        "columns",
        "table_catalog:t table_schema:t table_name:t column_name:t ordinal_position:i"
            + " column_default:t is_nullable:t data_type:t character_maximum_length:i"
            + " numeric_precision:i numeric_scale:i datetime_precision:i udt_catalog:t"
            + " udt_schema:t udt_name:t is_identity:t is_generated:t is_updatable:t",
        InformationSchema::columns);
    table(
        "views",
        "table_catalog:t table_schema:t table_name:t view_definition:t",
        (catalog, rows) -> {});
    table(
        "routines",
        "routine_catalog:t routine_schema:t routine_name:t routine_type:t data_type:t",
        (catalog, rows) -> {});
  }

  private static void columns(CatalogView catalog, Rows rows) {
    for (var table : catalog.tables()) {
      for (int i = 0; i < table.columns().size(); i++) {
        var column = table.columns().get(i);
        var type = PgTypes.of(column.type());
        rows.add(
            "table_catalog",
            DATABASE,
            "table_schema",
            table.schema(),
            "table_name",
            table.name(),
            "column_name",
            column.name(),
            "ordinal_position",
            i + 1,
            "is_nullable",
            column.nullable() ? "YES" : "NO",
            "data_type",
            type.sqlName(),
            "udt_catalog",
            DATABASE,
            "udt_schema",
            "pg_catalog",
            "udt_name",
            type.typname(),
            "is_identity",
            "NO",
            "is_generated",
            "NEVER",
            "is_updatable",
            "NO");
      }
    }
  }

  private void keys() {
    table(
        "table_constraints",
        "constraint_catalog:t constraint_schema:t constraint_name:t table_catalog:t"
            + " table_schema:t table_name:t constraint_type:t",
        (catalog, rows) ->
            catalog.tables().stream()
                .filter(VirtualTables::keyed)
                .forEach(table ->
                    rows.add(
                        "constraint_catalog",
                        DATABASE,
                        "constraint_schema",
                        table.schema(),
                        "constraint_name",
                        table.name() + "_pkey",
                        "table_catalog",
                        DATABASE,
                        "table_schema",
                        table.schema(),
                        "table_name",
                        table.name(),
                        "constraint_type",
                        "PRIMARY KEY")));
    table(
        "key_column_usage",
        "constraint_catalog:t constraint_schema:t constraint_name:t table_catalog:t"
            + " table_schema:t table_name:t column_name:t ordinal_position:i",
        (catalog, rows) -> {
          for (var table : catalog.tables()) {
            for (int i = 0; i < table.key().size(); i++) {
              rows.add(
                  "constraint_catalog",
                  DATABASE,
                  "constraint_schema",
                  table.schema(),
                  "constraint_name",
                  table.name() + "_pkey",
                  "table_catalog",
                  DATABASE,
                  "table_schema",
                  table.schema(),
                  "table_name",
                  table.name(),
                  "column_name",
                  table.columns().get(table.key().get(i)).name(),
                  "ordinal_position",
                  i + 1);
            }
          }
        });
  }
}
