package io.millrace.engine.internal.runtime;

import io.millrace.engine.internal.meta.NameTable;
import io.millrace.engine.module.Retired;
import io.millrace.engine.table.Table;
import java.util.List;
import java.util.Set;

/** A module as the runtime hosts it: native modules and event-sourced modules alike. */
public interface HostedModule {
  /** Module name. */
  String name();

  /** Depots it declares. */
  List<DepotSpec> depots();

  /**
   * What it declares, as the directory remembers it: as long as the text is the same, the module
   * folds what the directory holds.
   */
  String declaration();

  /**
   * What this version would lose, skip or misread of another one: a sentence each, with the line to
   * write; empty when all is well.
   *
   * @param declared declaration of the version the directory knows
   */
  List<String> refusals(String declared);

  /** Names of one kind that it needs, by which the directory is to know them. */
  List<String> names(NameTable.Kind kind);

  /**
   * Names something may have had in an earlier version; the directory knows one of them at most.
   */
  default List<String> formerNames(NameTable.Kind kind, String name) {
    return List.of();
  }

  /** The name something has in this version, by the one the directory knows. */
  default String presentName(NameTable.Kind kind, String name) {
    return name;
  }

  /** What this version gives up of earlier ones. */
  default Set<Retired> retired() {
    return Set.of();
  }

  /** True when this version does not declare something, so that it can be given up. */
  default boolean isGivenUp(Retired.Kind kind, String name) {
    return false;
  }

  /** Forgets what hangs on something that is given up. */
  default void retire(Retired retired, FoldExecution execution) {}

  /** After {@link #attach}: what waits, and finds no place in this version; a sentence each. */
  default List<String> placeless() {
    return List.of();
  }

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

  /** True when stages wait to be run: the runtime appends a DRAIN record, see {@link #drain}. */
  boolean waiting();

  /** Runs a bounded number of waiting stages of a task; a function of state only. */
  void drain(int task, FoldExecution execution);

  /** Logical hash of the module's state on one task at a stamp. */
  long digest(int task, long stampMs, FoldExecution execution);

  /** Tables for the SQL door. */
  List<Table> tables();

  /** A round of background work, without the lock: topologies that were resumed catch up. */
  default void housekeep(Node node) {}

  /**
   * Offset from which on its topologies still need the events of a depot's partition; {@link
   * Long#MAX_VALUE} when they have folded them all. The lock is held.
   */
  default long neededFrom(int depotId, int partition) {
    return Long.MAX_VALUE;
  }

  /** Where its topologies stand, for {@code sys.topologies}; the lock is held. */
  default List<TopologyStatus> topologies(FoldExecution execution) {
    return List.of();
  }
}
