package io.millrace.engine.internal.runtime;

import io.millrace.engine.query.Table;
import java.util.List;

/** A module as the runtime hosts it: native modules and event-sourced modules alike. */
public interface HostedModule {
  /** Module name. */
  String name();

  /** Depots it declares. */
  List<DepotSpec> depots();

  /** Names of the families (pstates) it declares; each gets a home space and a page space. */
  List<String> families();

  /**
   * Called when the ids are known: at open for a module the directory knows, else with the record
   * that registers it. The lock is held. May create spaces, deterministically.
   */
  void attach(HostedContext context, FoldExecution execution);

  /** Called after recovery with the lock held: rebuild what is derived from state. */
  void recovered(FoldExecution execution);

  /**
   * Folds a record of one of the module's depots; called in journal order, live (after the door's
   * own execution for native modules) and on replay.
   */
  void fold(FoldRecord record, FoldExecution execution);

  /** Folds a decision record of the {@code sys} depot; ignore what is another module's. */
  void decide(FoldRecord record, FoldExecution execution);

  /** True when pieces wait to be run: the runtime appends a DRAIN record, see {@link #drain}. */
  boolean waiting();

  /** Runs a bounded number of waiting pieces of a task; a function of state only. */
  void drain(int task, FoldExecution execution);

  /** Logical hash of the module's state on one task at a stamp. */
  long digest(int task, long stampMs, FoldExecution execution);

  /** Tables for the SQL door. */
  List<Table> tables();

  /** A round of background work, without the lock: topologies that were resumed catch up. */
  default void housekeep(Node node) {}

  /** Where its topologies stand, for {@code sys.topologies}; the lock is held. */
  default List<TopologyStatus> topologies(FoldExecution execution) {
    return List.of();
  }
}
