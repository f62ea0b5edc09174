package io.millrace.engine.internal.runtime;

import io.millrace.engine.depot.Retention;
import io.millrace.engine.internal.meta.NameTable;
import io.millrace.engine.module.NativeContext;
import io.millrace.engine.module.NativeModule;
import io.millrace.engine.query.Table;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hosts a {@link NativeModule}: its door executes, so a live fold does nothing. */
final class NativeHosted implements HostedModule {
  private static final String NATIVE = "native ";

  private final NativeModule module;

  NativeHosted(NativeModule module) {
    this.module = module;
  }

  @Override
  public String name() {
    return module.name();
  }

  @Override
  public List<DepotSpec> depots() {
    return List.of(new DepotSpec(module.depotName(), false, Retention.FOREVER));
  }

  @Override
  public String declaration() {
    return NATIVE + module.depotName();
  }

  /** True for a declaration of a module whose depots outlive the checkpoint; null of old ones. */
  static boolean isEventSourced(@Nullable String declaration) {
    return declaration != null && !declaration.startsWith(NATIVE);
  }

  @Override
  public List<String> refusals(String declared) {
    return List.of(
        "module "
            + name()
            + " is '"
            + declared
            + "' in the directory and '"
            + declaration()
            + "' in this process; open it with the module that made it");
  }

  @Override
  public List<String> names(NameTable.Kind kind) {
    return switch (kind) {
      case DEPOT -> List.of(module.depotName());
      case FAMILY -> List.of(module.name());
      case SOURCE -> List.of();
    };
  }

  @Override
  public void attach(HostedContext context, FoldExecution execution) {
    String name = module.name();
    int depotId = context.depotId(module.depotName());
    module.attach(new Context(context, name, depotId), execution);
  }

  private record Context(HostedContext context, String name, int depotId) implements NativeContext {
    @Override
    public int family() {
      return context.family(name);
    }

    @Override
    public int homeSpace() {
      return context.homeSpace(name);
    }

    @Override
    public int tasks() {
      return context.tasks();
    }

    @Override
    public long hashSeed() {
      return context.hashSeed();
    }
  }

  @Override
  public void recovered(FoldExecution execution) {
    module.recovered(execution);
  }

  @Override
  public void fold(FoldRecord record, FoldExecution execution) {
    if (execution.replaying()) {
      module.replay(record, execution);
    }
  }

  @Override
  public void decide(FoldRecord record, FoldExecution execution) {}

  @Override
  public boolean waiting() {
    return false;
  }

  @Override
  public void drain(int task, FoldExecution execution) {}

  @Override
  public long digest(int task, long stampMs, FoldExecution execution) {
    return module.digest(task, stampMs, execution);
  }

  @Override
  public List<Table> tables() {
    return module.tables();
  }
}
