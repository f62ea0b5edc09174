package io.millrace.engine.internal.stage;

import io.millrace.engine.internal.guard.FoldLimitError;
import io.millrace.engine.internal.guard.FoldWatch;
import io.millrace.engine.internal.runtime.FoldExecution;
import io.millrace.engine.state.NotResidentException;
import io.millrace.engine.state.ReadTooLargeException;
import org.jspecify.annotations.Nullable;

/** One attempt of a stage: all of it, or nothing and why. */
public final class StageAttempt {
  private final ModuleParts parts;
  private final StageRun run;
  private final StageFaults faults;

  public StageAttempt(ModuleParts parts, StageRun run, StageFaults faults) {
    this.parts = parts;
    this.run = run;
    this.faults = faults;
  }

  /** True for what would come again: the stage took more than it may. */
  public static boolean isFinal(Throwable error) {
    return error instanceof FoldLimitError || error instanceof OutOfMemoryError;
  }

  /** What people read of an error. */
  public static String text(Throwable error) {
    return error instanceof FoldLimitError
        ? String.valueOf(error.getMessage())
        : error.getClass().getSimpleName() + ": " + error.getMessage();
  }

  /**
   * Runs a stage.
   *
   * @return null when it has succeeded; else nothing of it has happened
   */
  public @Nullable Throwable once(Stage stage, FoldExecution execution) {
    var watch = execution.watch();
    watch.next();
    var error = attempt(stage, execution, watch);
    return error != null && watch.overdue() ? watch.ended(error) : error;
  }

  private @Nullable Throwable attempt(Stage stage, FoldExecution execution, FoldWatch watch) {
    execution.beginUndo();
    try {
      parts.at(stage.node);
      if (!execution.replaying()) {
        faults.beforeStage(stage.stream.name, stage.node.name, stage.task);
      }
      run.run(stage, execution);
      if (watch.overdue()) {
        execution.rollback();
        return watch.ended(null);
      }
      execution.commitUndo();
      return null;
    } catch (NotResidentException | ReadTooLargeException e) {
      execution.rollback();
      throw e;
    } catch (OutOfMemoryError e) {
      execution.rollback();
      if (execution.replaying()) {
        // It folded once: with more memory it will again, and a stop here would be another state.
        throw e;
      }
      return e;
    } catch (RuntimeException | Error e) {
      execution.rollback();
      if (e instanceof VirtualMachineError && !(e instanceof StackOverflowError)) {
        throw e;
      }
      return e;
    }
  }
}
