package io.millrace.engine.module;

import io.millrace.engine.event.Names;

/**
 * One deployable unit: declares depots, topologies and pstates. The definition must not depend on
 * anything but the code: it is run again at every start.
 */
public interface EngineModule {
  /** Declares what the module consists of. */
  void define(Definition def);

  /** Name of the module; the simple name of the class in snake case unless overridden. */
  default String name() {
    return Names.snakeCase(getClass().getSimpleName());
  }
}
