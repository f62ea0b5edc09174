package io.millrace.node;

import io.millrace.engine.internal.guard.LoopPolls;
import io.millrace.engine.module.EngineModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;

/**
 * Loads the classes of modules, and what lies in the same jars, with a way out of their loops: an
 * endless one in a fold must not hold the node. Everything else comes from the class path as ever.
 */
final class ModuleLoader extends ClassLoader {
  private static final String SERVICE = "META-INF/services/" + EngineModule.class.getName();

  static {
    registerAsParallelCapable();
  }

  private final List<String> roots;

  private ModuleLoader(ClassLoader parent, List<String> roots) {
    super("modules", parent);
    this.roots = roots;
  }

  /** A loader over the class path. */
  static ModuleLoader over(ClassLoader parent) {
    var own = root(parent, ModuleLoader.class.getName().replace('.', '/') + ".class");
    var roots = new ArrayList<String>();
    try {
      for (var service : parent.resources(SERVICE).map(URL::toString).toList()) {
        var root = service.substring(0, service.length() - SERVICE.length());
        if (!root.equals(own)) {
          roots.add(root);
        }
      }
    } catch (UncheckedIOException e) {
      throw new CommandFailure(
          ExitCode.FAILED, "modules: the class path cannot be read: " + e.getMessage());
    }
    return new ModuleLoader(parent, roots);
  }

  private static String root(ClassLoader loader, String resource) {
    var found = loader.getResource(resource);
    var text = found == null ? "" : found.toString();
    return text.substring(0, Math.max(0, text.length() - resource.length()));
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      var loaded = findLoadedClass(name);
      if (loaded != null) {
        return loaded;
      }
      var resource = name.replace('.', '/') + ".class";
      if (!isOfModule(resource)) {
        return super.loadClass(name, resolve);
      }
      return define(name, resource);
    }
  }

  /** Also a class of a jar's part for newer Java versions lies below the root of the jar. */
  private boolean isOfModule(String resource) {
    var found = roots.isEmpty() ? null : getParent().getResource(resource);
    return found != null && roots.stream().anyMatch(found.toString()::startsWith);
  }

  private Class<?> define(String name, String resource) throws ClassNotFoundException {
    try (var in = getParent().getResourceAsStream(resource)) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      var bytes = LoopPolls.into(in.readAllBytes(), getParent());
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }
}
