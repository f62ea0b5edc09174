package io.millrace.engine.internal.topology;

import io.millrace.engine.internal.guard.FoldLimitError;
import io.millrace.engine.internal.guard.FoldWatch;
import io.millrace.engine.internal.runtime.FoldExecution;
import io.millrace.engine.state.NotResidentException;
import io.millrace.engine.state.ReadTooLargeException;
import org.jspecify.annotations.Nullable;

/** One attempt of a piece: all of it, or nothing and why. */
final class PieceAttempt {
  private final ModuleParts parts;
  private final PieceRun run;
  private final PieceFaults faults;

  PieceAttempt(ModuleParts parts, PieceRun run, PieceFaults faults) {
    this.parts = parts;
    this.run = run;
    this.faults = faults;
  }

  /** True for what would come again: the piece took more than it may. */
  static boolean isFinal(Throwable error) {
    return error instanceof FoldLimitError || error instanceof OutOfMemoryError;
  }

  /** What people read of an error. */
  static String text(Throwable error) {
    return error instanceof FoldLimitError
        ? String.valueOf(error.getMessage())
        : error.getClass().getSimpleName() + ": " + error.getMessage();
  }

  /**
   * Runs a piece.
   *
   * @return null when it has succeeded; else nothing of it has happened
   */
  @Nullable Throwable once(Piece piece, FoldExecution execution) {
    var watch = execution.watch();
    watch.next();
    var error = attempt(piece, execution, watch);
    return error != null && watch.overdue() ? watch.ended(error) : error;
  }

  private @Nullable Throwable attempt(Piece piece, FoldExecution execution, FoldWatch watch) {
    execution.beginUndo();
    try {
      parts.at(piece.node);
      if (!execution.replaying()) {
        faults.beforePiece(piece.stream.name, piece.node.name, piece.task);
      }
      run.run(piece, execution);
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
