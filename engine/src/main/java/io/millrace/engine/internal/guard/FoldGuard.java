package io.millrace.engine.internal.guard;

import java.util.function.Consumer;

/**
 * What one node has against folds that take too much.
 *
 * @param watch where is told what runs
 * @param limits what it may take
 * @param marks stages that held an earlier process
 * @param fatal told when state may be half changed: the process must end, the journal is whole
 */
public record FoldGuard(
    FoldWatch watch, FoldLimits limits, StopMarks marks, Consumer<Throwable> fatal) {
  /** State may be half changed. */
  public void broken(Throwable cause) {
    fatal.accept(cause);
  }
}
