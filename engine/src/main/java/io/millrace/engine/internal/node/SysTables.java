package io.millrace.engine.internal.node;

import io.millrace.engine.depot.FoldStop;
import io.millrace.engine.internal.meta.NameTable;
import io.millrace.engine.internal.runtime.HostedModule;
import io.millrace.engine.internal.runtime.ModuleRegistry;
import io.millrace.engine.internal.runtime.Node;
import io.millrace.engine.internal.runtime.NodeExecution;
import io.millrace.engine.internal.runtime.Retirement;
import io.millrace.engine.internal.runtime.TopologyStatus;
import io.millrace.engine.table.Column;
import io.millrace.engine.table.ColumnType;
import io.millrace.engine.table.Table;
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
        new RowsTable("modules", moduleColumns(), this::modules),
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

  private static List<Column> moduleColumns() {
    return List.of(
        text("module"),
        text("status"),
        number("depots"),
        number("pstates"),
        number("topologies"),
        number("kept_records"));
  }

  private List<Object[]> modules() {
    node.lock().acquire();
    try {
      NodeExecution execution = node.execution();
      execution.next();
      node.store().markMutated();
      List<Object[]> rows = new ArrayList<>();
      for (String module : node.registry().names().modules()) {
        rows.add(module(module, execution));
      }
      return rows;
    } finally {
      node.lock().release();
    }
  }

  private Object[] module(String module, NodeExecution execution) {
    ModuleRegistry registry = node.registry();
    boolean hosted = registry.isHosted(module);
    long topologies = 0;
    long pstates = 0;
    for (NameTable.Named family : registry.names().of(NameTable.Kind.FAMILY, module)) {
      boolean topology = family.currentName().startsWith(Retirement.STREAM);
      topologies += topology ? 1 : 0;
      pstates += topology || family.currentName().equals("sys") ? 0 : 1;
    }
    return new Object[] {
      module,
      hosted ? "RUNNING" : "ABSENT",
      (long) registry.names().of(NameTable.Kind.DEPOT, module).size(),
      pstates,
      topologies,
      hosted ? 0L : (long) registry.backlog().size(module, execution)
    };
  }

  private static List<Column> topologyColumns() {
    return List.of(
        text("module"),
        text("topology"),
        text("depot"),
        number("partition"),
        number("began"),
        number("folded"),
        number("end_offset"),
        number("lag"),
        text("status"),
        new Column("error", ColumnType.TEXT, true),
        new Column("place", ColumnType.TEXT, true),
        new Column("stopped_at", ColumnType.LONG, true),
        new Column("attempts", ColumnType.LONG, true),
        new Column("since", ColumnType.TIMESTAMP, true));
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

  @SuppressWarnings("NullAway") // cells of nullable columns
  private static Object[] row(String module, TopologyStatus status) {
    FoldStop stop = status.stop();
    return new Object[] {
      module,
      status.topology(),
      status.depot(),
      (long) status.partition(),
      status.began(),
      status.folded(),
      status.end(),
      status.end() - status.folded(),
      status.status(),
      stop == null ? null : stop.error(),
      stop == null ? null : stop.place(),
      stop == null ? null : (Long) stop.offset(),
      stop == null ? null : (Long) (long) stop.attempts(),
      stop == null ? null : (Long) stop.sinceMs()
    };
  }
}
