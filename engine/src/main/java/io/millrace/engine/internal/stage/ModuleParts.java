package io.millrace.engine.internal.stage;

import io.millrace.engine.depot.Depot;
import io.millrace.engine.pstate.PState;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the topologies of a module can reach: its pstates and depots, once they have ids. */
public final class ModuleParts {
  private final StageCodec forms;
  private final Map<PState, PStateAccess> pstates = new HashMap<>();
  private final Map<Depot<?>, Integer> depots = new HashMap<>();
  private final Map<PState, String> owners = new HashMap<>();
  private @Nullable CompiledNode place;

  public ModuleParts(StageCodec forms) {
    this.forms = forms;
  }

  public StageCodec forms() {
    return forms;
  }

  /** Remembers where the code is, for messages. */
  void at(CompiledNode node) {
    place = node;
  }

  /** Where the code was last. */
  public String place() {
    return place == null ? "" : place.name;
  }

  public void put(PStateAccess access) {
    pstates.put(access.pstate(), access);
  }

  public void put(Depot<?> depot, int id) {
    depots.put(depot, id);
  }

  /** Says that a topology writes a pstate, so that no other may. */
  public void owned(PState pstate, String topology) {
    owners.putIfAbsent(pstate, topology);
  }

  /** The topology that writes a pstate; null while none is known to. */
  @Nullable String owner(PState pstate) {
    return owners.get(pstate);
  }

  PStateAccess access(PState pstate) {
    var access = pstates.get(pstate);
    if (access == null) {
      throw new IllegalStateException(pstate + " is not a pstate of this module");
    }
    return access;
  }

  int depotId(Depot<?> depot) {
    var id = depots.get(depot);
    if (id == null) {
      throw new IllegalStateException(depot + " is not a depot of this module");
    }
    return id;
  }
}
