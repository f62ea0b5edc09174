package io.millrace.engine.internal.store.cut;

import io.millrace.engine.internal.store.cold.ColdTier;
import io.millrace.engine.internal.store.hot.HashTable;
import io.millrace.engine.internal.store.hot.Views;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One sealed state with everything that is needed to read it; shared by snapshots. */
final class SealedView {
  final long position;
  final long stampMs;
  final long openedNanos;
  final Views.View view;
  final ColdTier.ColdSnapshot cold;
  int users;

  private final @Nullable HashTable[] tables;
  private final long[] counts;

  SealedView(
      long position,
      long stampMs,
      long openedNanos,
      Views.View view,
      ColdTier.ColdSnapshot cold,
      @Nullable HashTable[] tables,
      long[] counts) {
    this.position = position;
    this.stampMs = stampMs;
    this.openedNanos = openedNanos;
    this.view = view;
    this.cold = cold;
    this.tables = tables;
    this.counts = counts;
  }

  /** The tables of a task, by space, as they were when the view was sealed. */
  Map<Integer, HashTable> tablesOf(int task) {
    Map<Integer, HashTable> found = new HashMap<>();
    for (HashTable table : tables) {
      if (table != null && table.task == task) {
        found.put(table.space.id, table);
      }
    }
    return found;
  }

  /** Entries of a table when the view was sealed. */
  long count(HashTable table) {
    return counts[table.number];
  }
}
