package io.millrace.engine.internal.client;

import io.millrace.engine.internal.node.RowsTable;
import io.millrace.engine.table.Column;
import io.millrace.engine.table.ColumnType;
import io.millrace.engine.table.Table;
import io.millrace.engine.topology.TopologyClient;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** {@code sys.dead_letters}: what topologies have given up. */
final class DeadLetterTable {
  private static final List<Column> COLUMNS =
      List.of(
          column("module", ColumnType.TEXT),
          column("topology", ColumnType.TEXT),
          column("depot", ColumnType.TEXT),
          column("partition_id", ColumnType.INT),
          column("event_offset", ColumnType.LONG),
          column("event_at", ColumnType.TIMESTAMP),
          column("place", ColumnType.TEXT),
          column("task", ColumnType.INT),
          column("attempts", ColumnType.INT),
          column("error", ColumnType.TEXT),
          column("stopped_at", ColumnType.TIMESTAMP),
          column("decided_at", ColumnType.TIMESTAMP),
          column("decision", ColumnType.TEXT),
          column("event_value", ColumnType.TEXT),
          column("letter_id", ColumnType.LONG));

  private DeadLetterTable() {}

  private static Column column(String name, ColumnType type) {
    return new Column(name, type, false);
  }

  static Table of(Collection<TopologyClient> topologies) {
    var all = List.copyOf(topologies);
    return new RowsTable("dead_letters", COLUMNS, () -> rows(all));
  }

  private static List<Object[]> rows(List<TopologyClient> topologies) {
    var rows = new ArrayList<Object[]>();
    for (var topology : topologies) {
      var name = topology.qualifiedName().split("/");
      for (var letter : topology.deadLetters()) {
        rows.add(
            new Object[] {
              name[0],
              name[1],
              letter.depot(),
              letter.partition(),
              letter.offset(),
              letter.eventTimeMs(),
              letter.place(),
              letter.task(),
              letter.attempts(),
              letter.error(),
              letter.stoppedAtMs(),
              letter.decidedAtMs(),
              letter.decision(),
              String.valueOf(letter.value()),
              letter.id()
            });
      }
    }
    return rows;
  }
}
