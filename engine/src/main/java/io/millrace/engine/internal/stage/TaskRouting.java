package io.millrace.engine.internal.stage;

import io.millrace.engine.path.Navigator;
import io.millrace.engine.path.Path;
import io.millrace.engine.topology.RoutingException;
import org.jspecify.annotations.Nullable;

/** Invariant: a stage reads and writes only what lives on its task; anything else is an error. */
final class TaskRouting {
  private TaskRouting() {}

  /**
   * Checks a path.
   *
   * @param element element the path will be continued with, if any
   */
  static void check(PStateAccess access, Path path, @Nullable Object element, int task, int tasks) {
    var pstate = access.pstate();
    if (pstate.isGlobal()) {
      if (task != 0) {
        throw new RoutingException(pstate.qualifiedName(), "(global)", 0, task);
      }
      return;
    }
    var steps = path.steps();
    var key = steps.isEmpty() ? element : leading(steps.getFirst());
    if (key != null) {
      var owner = access.taskOf(key, tasks);
      if (owner != task) {
        throw new RoutingException(pstate.qualifiedName(), key, owner, task);
      }
    }
  }

  private static @Nullable Object leading(Navigator first) {
    return switch (first) {
      case Navigator.Key step -> step.key();
      case Navigator.Must step -> step.key();
      case Navigator.MapKey step -> step.key();
      case Navigator.SetElem step -> step.element();
      case Navigator.Contains step -> step.element();
      default -> null;
    };
  }
}
