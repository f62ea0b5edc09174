package io.millrace.engine.internal.runtime;

import io.millrace.engine.internal.meta.NameTable;
import io.millrace.engine.internal.meta.NameTable.Kind;
import io.millrace.engine.internal.meta.NameTable.Named;
import io.millrace.engine.module.Retired;
import org.jspecify.annotations.Nullable;

/** Gives up what a REGISTER record names: spaces are dropped, ids stay taken. */
public final class Retirement {
  /** Detail of a record that gives up a whole module. */
  static final String MODULE = "module";

  /** What the names of families of topologies begin with. */
  public static final String STREAM = "stream.";

  private final ModuleRegistry registry;
  private final NameTable names;
  private final NodeExecution execution;

  Retirement(ModuleRegistry registry, NodeExecution execution) {
    this.registry = registry;
    this.names = registry.names();
    this.execution = execution;
  }

  void retire(Registration said) {
    String module = said.module();
    if (said.detail().equals(MODULE)) {
      for (Kind kind : Kind.values()) {
        names.of(kind, module).forEach(this::drop);
      }
      registry.forget(module, execution);
      return;
    }
    retire(module, Retired.Kind.valueOf(said.detail()), said.name());
  }

  private void retire(String module, Retired.Kind kind, String name) {
    // First, while its names are known. Where the module is not there, it forgets on its return.
    for (HostedModule hosted : registry.hosted()) {
      if (hosted.name().equals(module)) {
        hosted.retire(new Retired(kind, name), execution);
      }
    }
    switch (kind) {
      case DEPOT -> depot(module, name);
      case PSTATE -> drop(names.find(Kind.FAMILY, module, name));
      case TOPOLOGY -> topology(module, name);
      case SOURCE -> drop(names.find(Kind.SOURCE, module, name));
    }
  }

  /** Nobody reads it any more: one of the same name would begin elsewhere. */
  private void depot(String module, String name) {
    for (Named source : names.of(Kind.SOURCE, module)) {
      if (source.currentName().endsWith("/" + name)) {
        retire(module, Retired.Kind.SOURCE, source.currentName());
      }
    }
    drop(names.find(Kind.DEPOT, module, name));
  }

  private void topology(String module, String name) {
    drop(names.find(Kind.FAMILY, module, STREAM + name));
    for (Named source : names.of(Kind.SOURCE, module)) {
      if (source.currentName().startsWith(name + "/")) {
        drop(source);
      }
    }
  }

  private void drop(@Nullable Named named) {
    if (named == null) {
      return;
    }
    if (named.kind() == Kind.SOURCE) {
      registry.remove(named, execution);
      return;
    }
    if (named.kind() == Kind.FAMILY) {
      execution.dropSpace(named.homeSpace());
      execution.dropSpace(named.pageSpace());
    }
    registry.retired(named, execution);
  }
}
