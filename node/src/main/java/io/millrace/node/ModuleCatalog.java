package io.millrace.node;

import io.millrace.engine.module.EngineModule;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** Modules on the class path, by name. */
final class ModuleCatalog {
  /**
   * System property: {@code no} loads modules with the classes of this process, without a way out
   * of their loops, for whoever passes them events as objects.
   */
  static final String LOOP_CHECKS = "millrace.loop-checks";

  /** A service file that cannot be read might be met again and again. */
  private static final int MOST_BROKEN = 100;

  private ModuleCatalog() {}

  /**
   * The modules of these names.
   *
   * @throws CommandFailure when there is none of a name, or more than one
   */
  static List<EngineModule> named(List<String> names) {
    var own = ModuleCatalog.class.getClassLoader();
    var checked = !"no".equals(System.getProperty(LOOP_CHECKS));
    return named(names, checked ? ModuleLoader.over(own) : own);
  }

  static List<EngineModule> named(List<String> names, ClassLoader loader) {
    var known = new TreeMap<String, List<EngineModule>>();
    var broken = new ArrayList<String>();
    var all = ServiceLoader.load(EngineModule.class, loader).iterator();
    while (broken.size() < MOST_BROKEN && next(all, known, broken)) {
      // Whatever cannot be loaded is no reason to leave out the others.
    }
    return names.stream().distinct().map(name -> one(name, known, broken)).toList();
  }

  /** Looks at one more; false when there is none. */
  private static boolean next(
      Iterator<EngineModule> all, Map<String, List<EngineModule>> known, List<String> broken) {
    try {
      if (!all.hasNext()) {
        return false;
      }
      var module = all.next();
      known.computeIfAbsent(module.name(), name -> new ArrayList<>()).add(module);
    } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
      var cause = e.getCause();
      broken.add(e.getMessage() + (cause == null ? "" : " (" + cause + ")"));
    }
    return true;
  }

  private static EngineModule one(
      String name, Map<String, List<EngineModule>> known, List<String> broken) {
    var found = known.getOrDefault(name, List.of());
    if (found.isEmpty()) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "modules: there is no module '"
              + name
              + "'; there are "
              + known.keySet()
              + (broken.isEmpty() ? "" : "; not loaded: " + String.join("; ", broken)));
    }
    if (found.size() > 1) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "modules: there are "
              + found.size()
              + " modules '"
              + name
              + "' on the class path: "
              + found.stream().map(ModuleCatalog::where).toList()
              + "; leave one of them out");
    }
    return found.getFirst();
  }

  private static String where(EngineModule module) {
    var type = module.getClass();
    var resource = type.getResource("/" + type.getName().replace('.', '/') + ".class");
    return resource == null ? type.getName() : resource.getPath();
  }
}
