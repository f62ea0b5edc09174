package io.millrace.engine.internal.stage;

import io.millrace.engine.path.Path;
import io.millrace.engine.path.Terminal;
import io.millrace.engine.pstate.PState;
import io.millrace.engine.state.TaskState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A pstate as topologies read and write it: one task's part at a time. */
interface PStateAccess {
  /** The declaration. */
  PState pstate();

  /** Every value a path reaches. */
  List<@Nullable Object> select(TaskState task, Path path);

  /** Ends a path in a terminal. */
  void transform(TaskState task, Path path, Terminal terminal);

  /** The task of a top-level key. */
  int taskOf(Object key, int tasks);
}
