package io.millrace.engine.internal.runtime;

import io.millrace.engine.internal.guard.EventTree;
import io.millrace.engine.internal.guard.FoldLimits;
import io.millrace.engine.internal.guard.FoldWatch;
import io.millrace.engine.internal.guard.StopMarks;
import io.millrace.engine.state.Execution;

/** What a fold may use beyond task state. */
public interface FoldExecution extends Execution {
  /**
   * Appends an event from within a fold. It is journaled behind the record being folded, naming it
   * as its cause, and folded then: in the same hold as long as that has time, else in a later one.
   * On replay nothing is appended that the journal holds.
   *
   * @param body kept as it is
   * @param tree what the event belongs to
   */
  void emit(int depotId, int partition, int typeId, int version, byte[] body, EventTree tree);

  /**
   * Journals a decision at once, in front of the record being folded: that the fold of that record
   * goes another way than its code alone would. Not folded now; on replay {@link
   * HostedModule#decide} is told before the record comes. Does nothing while replaying.
   */
  void decideFirst(int partition, int typeId, byte[] body, int offset, int length);

  /** The event and its consequences that the record being folded belongs to. */
  EventTree tree();

  /** How many events folds have emitted since the start. */
  long emitted();

  /** How many of those have been journaled and folded, the oldest first. */
  long settled();

  /** Where the code of modules says what it runs. */
  FoldWatch watch();

  /** What it may take. */
  FoldLimits limits();

  /** Stages that held an earlier process. */
  StopMarks marks();

  /** Says that the fold of the present record reached a task: replies about it must wait for it. */
  void touched(int task);

  /**
   * Id from which each module counts the ids it gives on a task; -1 in a directory, or in that part
   * of its journal, where all take them from {@code TaskState.newId}.
   */
  long firstModuleId(int task);

  /** Next offset of a depot partition. */
  long nextOffset(int depotId, int partition);
}
