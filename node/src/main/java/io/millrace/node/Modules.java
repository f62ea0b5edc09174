package io.millrace.node;

import io.millrace.engine.module.EngineModule;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** Modules on the class path, by name. */
final class Modules {
  /**
   * System property: {@code no} loads modules with the classes of this process, without a way out
   * of their loops, for whoever passes them events as objects.
   */
  static final String LOOP_CHECKS = "millrace.loop-checks";

  private Modules() {}

  /**
   * The modules of these names.
   *
   * @throws CommandFailure when there is none of a name
   */
  static List<EngineModule> named(List<String> names) {
    var own = Modules.class.getClassLoader();
    var loader = "no".equals(System.getProperty(LOOP_CHECKS)) ? own : ModuleLoader.over(own);
    var known = new TreeMap<String, EngineModule>();
    for (var module : ServiceLoader.load(EngineModule.class, loader)) {
      known.put(module.name(), module);
    }
    var found = new ArrayList<EngineModule>();
    for (var name : names) {
      var module = known.get(name);
      if (module == null) {
        throw new CommandFailure(
            ExitCode.USAGE,
            "modules: there is no module '" + name + "'; there are " + known.keySet());
      }
      if (!found.contains(module)) {
        found.add(module);
      }
    }
    return found;
  }
}
