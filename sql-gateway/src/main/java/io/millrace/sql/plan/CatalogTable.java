package io.millrace.sql.plan;

import io.millrace.engine.table.Table;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.Statistic;
import org.apache.calcite.schema.Statistics;
import org.apache.calcite.schema.impl.AbstractTable;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/** A table of the door as Calcite sees it. */
final class CatalogTable extends AbstractTable {
  private final Table table;
  private final ToDoubleFunction<Table> rowCounts;

  CatalogTable(Table table, ToDoubleFunction<Table> rowCounts) {
    this.table = table;
    this.rowCounts = rowCounts;
  }

  @Override
  public RelDataType getRowType(RelDataTypeFactory types) {
    return MillraceTypes.rowType(table, types);
  }

  @Override
  public Statistic getStatistic() {
    var keys =
        table.key().isEmpty()
            ? List.<ImmutableBitSet>of()
            : List.of(ImmutableBitSet.of(table.key()));
    return Statistics.of(rowCounts.applyAsDouble(table), keys);
  }

  @Override
  public <C> @Nullable C unwrap(Class<C> type) {
    return type.isInstance(table) ? type.cast(table) : super.unwrap(type);
  }
}
