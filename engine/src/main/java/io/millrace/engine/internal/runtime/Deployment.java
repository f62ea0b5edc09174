package io.millrace.engine.internal.runtime;

import io.millrace.engine.internal.meta.NameTable.Kind;
import io.millrace.engine.internal.meta.NameTable.Named;
import io.millrace.engine.module.Retired;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a directory and the modules it is opened with together, once the journal has been folded:
 * says what is new, renamed, given up, away or back, as records (ADR 0004).
 */
final class Deployment {
  static final Logger LOG = LoggerFactory.getLogger(Deployment.class);

  private final ModuleRegistry registry;
  private final NodeExecution execution;
  private final Set<String> retire;
  private final Consumer<Registration> append;

  /**
   * A deployment.
   *
   * @param retire what is given up by name: {@code module}, or {@code module/name}
   * @param append journals and folds a registration
   */
  Deployment(
      ModuleRegistry registry,
      NodeExecution execution,
      Set<String> retire,
      Consumer<Registration> append) {
    this.registry = registry;
    this.execution = execution;
    this.retire = retire;
    this.append = append;
  }

  /** Refuses names to retire that stand for nothing, before anything is journaled. */
  void check() {
    givenUp();
  }

  /** Journals what is new. */
  void run() {
    for (Registration one : givenUp()) {
      LOG.warn("giving up {}", describe(one));
      append.accept(one);
    }
    for (HostedModule module : registry.hosted()) {
      deploy(module);
    }
    for (String module : registry.absent()) {
      leave(module);
    }
  }

  /** What the names to retire stand for; refused when one stands for nothing. */
  private List<Registration> givenUp() {
    List<Registration> records = new ArrayList<>();
    List<String> refusals = new ArrayList<>();
    for (String name : retire) {
      int slash = name.indexOf('/');
      String module = slash < 0 ? name : name.substring(0, slash);
      if (slash > 0) {
        part(module, name.substring(slash + 1), records, refusals);
      } else if (registry.isHosted(module)) {
        refusals.add(
            "retire " + module + ": the module is among those to run; leave it out there first");
      } else if (registry.absent().contains(module)) {
        records.add(new Registration(Registration.RETIRE, module, "", Retirement.MODULE, ""));
      } else if (registry.gone(module, execution)) {
        LOG.info("retire {}: has been given up before", module);
      } else {
        refusals.add(
            "retire "
                + module
                + ": there is no such module; absent modules are "
                + registry.absent());
      }
    }
    ModuleRegistry.refuse(refusals);
    return records;
  }

  private void part(String module, String name, List<Registration> records, List<String> refusals) {
    for (HostedModule hosted : registry.hosted()) {
      if (hosted.name().equals(module)) {
        for (Retired.Kind kind : Retired.Kind.values()) {
          if (hosted.isGivenUp(kind, name) && named(module, kind, name) != null) {
            records.add(new Registration(Registration.RETIRE, module, name, kind.name(), ""));
          }
        }
        return;
      }
    }
    refusals.add(
        "retire "
            + module
            + "/"
            + name
            + ": the module must be among those to run, so that what"
            + " remains of it is known; or give the whole of it up with retire "
            + module);
  }

  private String describe(Registration one) {
    String module = one.module();
    if (!one.detail().equals(Retirement.MODULE)) {
      return one.detail().toLowerCase(Locale.ROOT) + " " + module + "/" + one.name();
    }
    List<String> depots = new ArrayList<>();
    for (Named depot : registry.names().of(Kind.DEPOT, module)) {
      depots.add(depot.currentName() + " (" + records(depot) + " records)");
    }
    List<String> families =
        registry.names().of(Kind.FAMILY, module).stream().map(Named::currentName).toList();
    return "module " + module + ": depots " + depots + ", state " + families;
  }

  private long records(Named depot) {
    long records = 0;
    for (int partition = 0; partition < registry.tasks(); partition++) {
      records += registry.nextOffset(depot.id(), partition);
    }
    return records;
  }

  private void deploy(HostedModule module) {
    String name = module.name();
    boolean known = registry.names().modules().contains(name);
    boolean behind = known && !registry.folds(name);
    boolean unwritten = known && registry.declaration(name) == null;
    boolean changed = renames(module) | retires(module);
    for (Registration missing : missing(module, unwritten)) {
      append.accept(missing);
      changed = true;
    }
    if (!module.declaration().equals(registry.declaration(name))) {
      append.accept(new Registration(Registration.DECLARE, name, module.declaration()));
      changed = true;
    }
    if (changed) {
      append.accept(new Registration(Registration.ATTACH, name, ""));
    }
    if (behind) {
      append.accept(new Registration(Registration.RETURN, name, ""));
    }
  }

  private boolean renames(HostedModule module) {
    boolean any = false;
    for (Kind kind : Kind.values()) {
      for (String name : module.names(kind)) {
        Named known = registry.names().find(kind, module.name(), name);
        Named former = known == null ? registry.former(module, kind, name) : null;
        if (former != null) {
          append.accept(
              new Registration(
                  Registration.RENAME, module.name(), former.currentName(), kind.text(), name));
          any = true;
        }
      }
    }
    return any;
  }

  private boolean retires(HostedModule module) {
    boolean any = false;
    for (Retired retired : module.retired()) {
      if (named(module.name(), retired.kind(), retired.name()) != null) {
        LOG.warn("giving up {} of module {}", retired, module.name());
        append.accept(
            new Registration(
                Registration.RETIRE, module.name(), retired.name(), retired.kind().name(), ""));
        any = true;
      }
    }
    return any;
  }

  private @Nullable Named named(String module, Retired.Kind kind, String name) {
    return switch (kind) {
      case DEPOT -> registry.names().find(Kind.DEPOT, module, name);
      case PSTATE -> registry.names().find(Kind.FAMILY, module, name);
      case TOPOLOGY -> registry.names().find(Kind.FAMILY, module, Retirement.STREAM + name);
      case SOURCE -> registry.names().find(Kind.SOURCE, module, name);
    };
  }

  /**
   * Names that are not known yet.
   *
   * @param unwritten whether the directory is of a time when it did not keep which topology reads
   *     which depot
   */
  private List<Registration> missing(HostedModule module, boolean unwritten) {
    List<Registration> missing = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      for (String name : module.names(kind)) {
        if (registry.names().find(kind, module.name(), name) != null) {
          continue;
        }
        boolean old = kind == Kind.SOURCE && unwritten && known(module, name);
        missing.add(
            new Registration(
                kind.text(), module.name(), name, old ? Registration.SINCE_EVER : "", ""));
      }
    }
    return missing;
  }

  private boolean known(HostedModule module, String source) {
    String family = Retirement.STREAM + source.substring(0, source.indexOf('/'));
    return registry.names().find(Kind.FAMILY, module.name(), family) != null;
  }

  private void leave(String module) {
    if (!registry.isAway(module)) {
      append.accept(new Registration(Registration.LEAVE, module, ""));
    }
    int kept = registry.backlog().size(module, execution);
    LOG.warn(
        "module {} of this directory is absent; what it holds is kept{}. Name it in modules to go"
            + " on, or give it up with --retire {}",
        module,
        kept == 0 ? "" : ", and " + kept + " records that it has not folded",
        module);
  }
}
