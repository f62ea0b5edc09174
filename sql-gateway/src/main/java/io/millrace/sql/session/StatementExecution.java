package io.millrace.sql.session;

import io.millrace.sql.exec.Batch;
import io.millrace.sql.plan.Planned.OutputColumn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement that runs. Pulled batch by batch; closed when done or given up. */
public interface StatementExecution extends AutoCloseable {
  /** What it delivers; empty for nothing. */
  List<OutputColumn> columns();

  /** The next rows, or null at the end. */
  @Nullable Batch next();

  /** The command's tag, once all rows have been taken. */
  String tag(long rows);

  /** The client will ask for more later, or never: until then nothing runs that could be ended. */
  default void pause() {}

  @Override
  void close();
}
