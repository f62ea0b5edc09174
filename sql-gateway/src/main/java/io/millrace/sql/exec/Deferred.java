package io.millrace.sql.exec;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An operator that does its work when it is first asked. */
public final class Deferred implements Operator {
  private final Supplier<Operator> work;
  private @Nullable Operator result;

  public Deferred(Supplier<Operator> work) {
    this.work = work;
  }

  @Override
  public @Nullable Batch next() {
    var ready = result;
    if (ready == null) {
      ready = work.get();
      result = ready;
    }
    return ready.next();
  }

  @Override
  public void close() {
    if (result != null) {
      result.close();
    }
  }
}
