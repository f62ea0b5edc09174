package io.millrace.engine.module;

import io.millrace.engine.state.Execution;
import io.millrace.engine.table.Table;
import java.util.List;

/**
 * A module written against raw task state: the keyspace. It executes its commands while a door
 * holds the lock, logs each change as a record of its one depot, and folds those records again on
 * replay.
 */
public interface NativeModule {
  /** Module name, {@code [a-z][a-z0-9_]*}; also the SQL schema of its tables. */
  String name();

  /** Name of its depot. */
  String depotName();

  /**
   * Called once, before recovery, with the lock held and the state as of the last checkpoint. A
   * module that finds its state empty may create its spaces here; that must be deterministic.
   */
  void attach(NativeContext context, Execution execution);

  /** Called once after recovery with the lock held: rebuild caches that are derived from state. */
  void recovered(Execution execution);

  /** Folds one record of the depot again; must change state exactly as the live execution did. */
  void replay(NativeRecord record, Execution execution);

  /**
   * Logical hash of the module's state on one task: independent of residency, encodings, page
   * layout and of entries expired at {@code stampMs}.
   */
  long digest(int taskId, long stampMs, Execution execution);

  /** Tables of the SQL door. */
  List<Table> tables();
}
