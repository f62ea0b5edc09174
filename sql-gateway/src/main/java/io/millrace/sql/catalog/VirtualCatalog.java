package io.millrace.sql.catalog;

import io.millrace.engine.table.Table;
import io.millrace.sql.plan.CatalogView;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** pg_catalog and information_schema: what clients read to learn what is there. */
public final class VirtualCatalog {
  private VirtualCatalog() {}

  /** All virtual tables over a view. */
  public static List<Table> tables(Supplier<CatalogView> view) {
    var catalog = new VirtualTables("pg_catalog", view);
    RelationTables.addTo(catalog);
    KeyTables.addTo(catalog);
    NameTables.addTo(catalog);
    EmptyTables.addTo(catalog);
    var all = new ArrayList<>(catalog.all());
    all.addAll(InformationSchema.tables(view));
    return all;
  }
}
