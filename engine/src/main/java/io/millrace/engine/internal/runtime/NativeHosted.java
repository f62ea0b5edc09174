package io.millrace.engine.internal.runtime;

import io.millrace.engine.depot.Retention;
import io.millrace.engine.internal.meta.NameTable;
import io.millrace.engine.module.NativeContext;
import io.millrace.engine.module.NativeModule;
import io.millrace.engine.table.Table;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hosts a {@link NativeModule}: its door executes, so a live fold does nothing. */
public final class NativeHosted implements HostedModule {
  private static final String DECLARED = "native ";

  private final NativeModule module;

  public NativeHosted(NativeModule module) {
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
    return DECLARED + module.depotName();
  }

  /** Whether this is what a native module declares: its depot does not outlive the checkpoint. */
  static boolean declares(@Nullable String declaration) {
    return declaration != null && declaration.startsWith(DECLARED);
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
