package io.millrace.engine.internal.runtime;

import io.millrace.engine.internal.meta.NameTable;
import io.millrace.engine.internal.meta.NameTable.Kind;
import io.millrace.engine.internal.meta.NameTable.Named;
import io.millrace.engine.module.Retired;
import org.jspecify.annotations.Nullable;

/** Gives up what a REGISTER record names: spaces are dropped, ids stay taken. */
final class Retirement {
  /** Detail of a record that gives up a whole module. */
  static final String MODULE = "module";

  /** What the names of families of topologies begin with. */
  static final String STREAM = "stream.";

  private final Registry registry;
  private final NameTable names;
  private final NodeExecution execution;

  Retirement(Registry registry, NodeExecution execution) {
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
    Retired.Kind kind = Retired.Kind.valueOf(said.detail());
    switch (kind) {
      case DEPOT -> drop(names.find(Kind.DEPOT, module, said.name()));
      case PSTATE -> drop(names.find(Kind.FAMILY, module, said.name()));
      case TOPOLOGY -> topology(module, said.name());
      case SOURCE -> drop(names.find(Kind.SOURCE, module, said.name()));
    }
    for (HostedModule hosted : registry.hosted()) {
      if (hosted.name().equals(module)) {
        hosted.retire(new Retired(kind, said.name()), execution);
      }
    }
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
