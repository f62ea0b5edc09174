package io.millrace.engine.internal.stage;

import io.millrace.engine.internal.codec.KeyText;
import io.millrace.engine.internal.plan.IoCounters;
import io.millrace.engine.internal.plan.PStateStore;
import io.millrace.engine.internal.plan.PStateTables;
import io.millrace.engine.internal.runtime.HostedContext;
import io.millrace.engine.path.Path;
import io.millrace.engine.path.Terminal;
import io.millrace.engine.pstate.MapSchema;
import io.millrace.engine.pstate.PState;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.pstate.SetSchema;
import io.millrace.engine.state.ReadView;
import io.millrace.engine.state.TaskState;
import io.millrace.engine.table.PagedTable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A pstate in the store of the node. */
public final class StoredPState implements PStateAccess {
  private final PState pstate;
  private final PStateStore store;
  private final int homeSpace;

  public StoredPState(PState pstate, HostedContext context) {
    this.pstate = pstate;
    homeSpace = context.homeSpace(pstate.name());
    store =
        new PStateStore(
            pstate.qualifiedName(),
            pstate.schema(),
            homeSpace,
            context.pageSpace(pstate.name()),
            context.hashSeed());
  }

  @Override
  public PState pstate() {
    return pstate;
  }

  public int homeSpace() {
    return homeSpace;
  }

  public PStateStore store() {
    return store;
  }

  public IoCounters io() {
    return store.io();
  }

  @Override
  public List<@Nullable Object> select(TaskState task, Path path) {
    return store.select(task, store.read(path));
  }

  @Override
  public void transform(TaskState task, Path path, Terminal terminal) {
    store.write(task, store.write(path, terminal));
  }

  @Override
  public int taskOf(Object key, int tasks) {
    return taskOf(pstate, key, tasks);
  }

  public static int taskOf(PState pstate, Object key, int tasks) {
    return pstate.isGlobal() ? 0 : KeyText.task(keySchema(pstate.schema()), key, tasks);
  }

  private static Schema keySchema(Schema schema) {
    return switch (schema) {
      case MapSchema map -> map.key();
      case SetSchema set -> set.element();
      default -> throw new IllegalStateException("only maps and sets are spread by a key");
    };
  }

  public List<PagedTable> tables() {
    return PStateTables.of(store, pstate.module(), pstate.name(), pstate.isGlobal());
  }

  public long digest(ReadView task) {
    return store.digest(task);
  }
}
