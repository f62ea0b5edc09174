package io.millrace.engine.internal.runtime;

import io.millrace.engine.query.Column;
import io.millrace.engine.query.ColumnType;
import io.millrace.engine.query.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The tables of the {@code sys} schema that the runtime itself knows. */
final class SysTables {
  private final Node node;
  private final int tasks;

  SysTables(Node node, int tasks) {
    this.node = node;
    this.tasks = tasks;
  }

  List<Table> all() {
    return List.of(
        new RowsTable("depots", depotColumns(), this::depots),
        new RowsTable("topologies", topologyColumns(), this::topologies));
  }

  private static Column text(String name) {
    return new Column(name, ColumnType.TEXT, false);
  }

  private static Column number(String name) {
    return new Column(name, ColumnType.LONG, false);
  }

  private static List<Column> depotColumns() {
    return List.of(
        text("module"), text("depot"), number("id"), number("partitions"), number("records"));
  }

  private static List<Column> topologyColumns() {
    return List.of(
        text("module"),
        text("topology"),
        text("depot"),
        number("partition"),
        number("folded"),
        number("end_offset"),
        number("lag"),
        text("status"),
        new Column("error", ColumnType.TEXT, true));
  }

  private List<Object[]> depots() {
    node.lock().acquire();
    try {
      List<Object[]> rows = new ArrayList<>();
      for (Map.Entry<String, Integer> depot : node.registry().depots().entrySet()) {
        long records = 0;
        for (int p = 0; p < tasks; p++) {
          records += node.registry().nextOffset(depot.getValue(), p);
        }
        int slash = depot.getKey().indexOf('/');
        rows.add(
            new Object[] {
              depot.getKey().substring(0, slash),
              depot.getKey().substring(slash + 1),
              (long) depot.getValue(),
              (long) tasks,
              records
            });
      }
      return rows;
    } finally {
      node.lock().release();
    }
  }

  private List<Object[]> topologies() {
    node.lock().acquire();
    try {
      NodeExecution execution = node.execution();
      execution.next();
      node.store().markMutated();
      List<Object[]> rows = new ArrayList<>();
      for (HostedModule module : node.registry().hosted()) {
        for (TopologyStatus status : module.topologies(execution)) {
          rows.add(row(module.name(), status));
        }
      }
      return rows;
    } finally {
      node.lock().release();
    }
  }

  private static Object[] row(String module, TopologyStatus status) {
    return new Object[] {
      module,
      status.topology(),
      status.depot(),
      (long) status.partition(),
      status.folded(),
      status.end(),
      status.end() - status.folded(),
      status.status(),
      status.error()
    };
  }
}
