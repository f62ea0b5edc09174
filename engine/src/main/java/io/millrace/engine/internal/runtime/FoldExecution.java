package io.millrace.engine.internal.runtime;

import io.millrace.engine.state.Execution;

/** What a fold may use beyond task state. */
public interface FoldExecution extends Execution {
  /**
   * Appends an event from within a fold. It is journaled right behind the record being folded,
   * naming it as its cause, and folded next. On replay nothing is appended that the journal holds.
   */
  void emit(
      int depotId, int partition, int typeId, int version, byte[] body, int offset, int length);

  /**
   * Appends a record to the {@code sys} depot that decides something no other record decides (a
   * topology stops, resumes, skips). Like {@link #emit}; its fold is {@link HostedModule#decide}.
   */
  void decide(int partition, int typeId, byte[] body, int offset, int length);

  /**
   * Journals a decision at once, in front of the record being folded: that the fold of that record
   * goes another way than its code alone would. Not folded now; on replay {@link
   * HostedModule#decide} is told before the record comes. Does nothing while replaying.
   */
  void decideFirst(int partition, int typeId, byte[] body, int offset, int length);

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
