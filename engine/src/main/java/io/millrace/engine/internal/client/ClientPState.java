package io.millrace.engine.internal.client;

import io.millrace.engine.internal.plan.PStateStore;
import io.millrace.engine.internal.plan.PathPlan;
import io.millrace.engine.internal.plan.StepLimitException;
import io.millrace.engine.internal.runtime.Node;
import io.millrace.engine.internal.stage.StoredPState;
import io.millrace.engine.internal.topology.ModuleHost;
import io.millrace.engine.path.Navigator;
import io.millrace.engine.path.Path;
import io.millrace.engine.path.PathException;
import io.millrace.engine.pstate.PState;
import io.millrace.engine.state.Execution;
import io.millrace.engine.table.Snapshot;
import io.millrace.engine.topology.PStateClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A pstate as clients in this process and the doors read it. */
public final class ClientPState implements PStateClient {
  private static final long RELEASE_WAIT_NS = TimeUnit.SECONDS.toNanos(30);

  /** Elements a read may go over while it holds the lock: about a millisecond. */
  private static final long STEPS_PER_HOLD = 4_096;

  private final PState pstate;
  private final PStateStore store;
  private final Node node;
  private final int tasks;
  private final Supplier<Snapshot> snapshots;

  /** A client of a pstate of a hosted module. */
  public ClientPState(
      ModuleHost host, PState pstate, Node node, int tasks, Supplier<Snapshot> snapshots) {
    var stored = host.pstate(pstate.name());
    if (stored == null) {
      throw new IllegalStateException(pstate + " is not registered");
    }
    this.pstate = pstate;
    this.store = stored.store();
    this.node = node;
    this.tasks = tasks;
    this.snapshots = snapshots;
  }

  @Override
  public PState pstate() {
    return pstate;
  }

  @Override
  public @Nullable Object get(Path path) {
    var found = select(path);
    if (found.size() > 1) {
      throw new PathException(
          "leads to several values, expected one: pstate="
              + pstate.qualifiedName()
              + " path="
              + path.text());
    }
    return found.isEmpty() ? null : found.getFirst();
  }

  @Override
  public List<@Nullable Object> select(Path path) {
    return prepare(path).readBlocking();
  }

  @Override
  public List<@Nullable Object> select(String path) {
    return prepare(path).readBlocking();
  }

  @Override
  public PreparedRead prepare(String path) {
    return prepared(store.readText(path));
  }

  @Override
  public PreparedRead prepare(Path path) {
    return prepared(store.read(path));
  }

  private PreparedRead prepared(PathPlan plan) {
    if (pstate.isGlobal()) {
      return new Prepared(plan, 0);
    }
    var key = plan.routingKey();
    return new Prepared(plan, key == null ? -1 : StoredPState.taskOf(pstate, key, tasks));
  }

  private final class Prepared implements PreparedRead {
    private final PathPlan plan;
    private final int task;

    Prepared(PathPlan plan, int task) {
      this.plan = plan;
      this.task = task;
      if (task < 0 && !plan.source().steps().isEmpty()) {
        checkCrossing(plan.source().steps().getFirst());
      }
    }

    private void checkCrossing(Navigator first) {
      switch (first) {
        case Navigator.All _, Navigator.MapVals _, Navigator.MapKeys _, Navigator.Count _ -> {}
        default ->
            throw new PathException(
                "this path would cross all tasks; begin it with a key, all, map_vals, map_keys or"
                    + " count: pstate="
                    + pstate.qualifiedName()
                    + " path="
                    + plan.source().text());
      }
    }

    @Override
    public int task() {
      return task;
    }

    @Override
    public @Nullable Found read(Execution held) {
      if (task < 0) {
        throw new IllegalStateException("a path over all tasks is read at a cut");
      }
      var state = held.task(task);
      var found = new ArrayList<@Nullable Object>();
      try {
        store.select(state, plan, STEPS_PER_HOLD, found::add);
      } catch (StepLimitException large) {
        return null;
      }
      return new Found(found, state.lastPosition());
    }

    @Override
    public List<@Nullable Object> readBlocking() {
      var all = new ArrayList<@Nullable Object>();
      readBlocking(all::add);
      return all;
    }

    @Override
    public void readBlocking(Consumer<@Nullable Object> receiver) {
      if (task < 0) {
        overAllTasks(receiver);
        return;
      }
      var small = node.read(held -> Optional.ofNullable(read(held))).value();
      if (small.isEmpty()) {
        atCut(task, task + 1, receiver);
        return;
      }
      var found = small.get();
      var position = found.position();
      if (!node.awaitReleased(position, RELEASE_WAIT_NS)) {
        throw new IllegalStateException(
            "the journal could not be written in time: position=" + position);
      }
      found.values().forEach(receiver);
    }

    private void overAllTasks(Consumer<@Nullable Object> receiver) {
      var steps = plan.source().steps();
      if (steps.size() == 1 && steps.getFirst() instanceof Navigator.Count) {
        var sum = new long[1];
        atCut(0, tasks, count -> sum[0] += ((Number) Objects.requireNonNull(count)).longValue());
        receiver.accept(sum[0]);
      } else {
        atCut(0, tasks, receiver);
      }
    }

    private void atCut(int from, int to, Consumer<@Nullable Object> receiver) {
      try (var snapshot = snapshots.get()) {
        for (var at = from; at < to; at++) {
          store.select(
              snapshot.task(at),
              plan,
              value -> {
                receiver.accept(value);
                return true;
              });
        }
      }
    }
  }
}
