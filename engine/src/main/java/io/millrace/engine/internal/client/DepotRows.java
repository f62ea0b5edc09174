package io.millrace.engine.internal.client;

import io.millrace.engine.depot.Depot;
import io.millrace.engine.depot.DepotReader;
import io.millrace.engine.depot.DepotRecord;
import io.millrace.engine.internal.runtime.Node;
import io.millrace.engine.table.RowCursor;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** The events of a depot as rows, partition by partition, up to what is released. */
final class DepotRows implements RowCursor {
  private final Depot<?> depot;
  private final Node node;
  private final int depotId;
  private final int tasks;
  private final int[] wanted;
  private final int fields;
  private final boolean isTyped;
  private int partition = -1;
  private @Nullable DepotReader reader;

  DepotRows(Depot<?> depot, Node node, int depotId, int tasks, int[] wanted) {
    this.depot = depot;
    this.node = node;
    this.depotId = depotId;
    this.tasks = tasks;
    this.wanted = wanted;
    isTyped = depot.types().size() == 1;
    fields = isTyped ? depot.types().getFirst().shape().fields().size() : 2;
  }

  @Override
  public int next(Object[][] batch) {
    var filled = 0;
    try {
      while (filled < batch.length) {
        var record = nextRecord();
        if (record == null) {
          break;
        }
        fill(batch[filled++], record);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return filled;
  }

  private @Nullable DepotRecord nextRecord() throws IOException {
    while (true) {
      var open = reader;
      if (open != null) {
        var record = open.next();
        if (record != null) {
          return record;
        }
        open.close();
        reader = null;
      }
      if (++partition >= tasks) {
        partition = tasks;
        return null;
      }
      reader = node.depot(depotId, partition, 0);
    }
  }

  private void fill(@Nullable Object[] row, DepotRecord record) {
    var type = depot.type(record.type(), record.version());
    Object event = null;
    for (var i = 0; i < wanted.length; i++) {
      var column = wanted[i];
      if (column < fields) {
        if (event == null) {
          event = type.decode(record.body(), 0, record.body().length, depot.format());
        }
        row[i] = isTyped ? type.shape().column(event, column) : text(column, type.name(), event);
      } else {
        row[i] =
            switch (column - fields) {
              case 0 -> partition;
              case 1 -> record.offset();
              default -> record.timeMs();
            };
      }
    }
  }

  private String text(int column, String type, Object event) {
    return column == 0 ? type : depot.typeOf(event).text(event);
  }

  @Override
  public void close() {
    var open = reader;
    if (open != null) {
      open.close();
      reader = null;
    }
    partition = tasks;
  }
}
