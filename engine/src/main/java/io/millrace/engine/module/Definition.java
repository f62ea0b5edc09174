package io.millrace.engine.module;

import io.millrace.engine.depot.Depot;
import io.millrace.engine.event.Names;
import io.millrace.engine.pstate.ListSchema;
import io.millrace.engine.pstate.MapSchema;
import io.millrace.engine.pstate.PState;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.pstate.SchemaException;
import io.millrace.engine.topology.StreamTopology;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects what a module declares, and refuses what cannot work. */
public final class Definition {
  private static final Set<String> RESERVED = Set.of("sys", "redis", "pg_catalog");

  private final String module;
  private final Map<String, Depot<?>> depots = new LinkedHashMap<>();
  private final Map<String, PState> pstates = new LinkedHashMap<>();
  private final Map<String, StreamTopology> streams = new LinkedHashMap<>();
  private final Map<PState, String> formerPstates = new LinkedHashMap<>();
  private final Set<Retired> retired = new LinkedHashSet<>();
  private final Set<Class<?>> values = new LinkedHashSet<>();
  private final Set<Class<?>> nearby = new LinkedHashSet<>();

  private Definition(String module) {
    this.module = module;
  }

  /**
   * Runs a module's definition and checks the whole.
   *
   * @throws DefinitionException when the module cannot be deployed
   */
  public static Definition of(EngineModule module) {
    try {
      var name = Names.check("module", module.name());
      if (RESERVED.contains(name)) {
        throw new DefinitionException("module name " + name + " is reserved");
      }
      var definition = new Definition(name);
      addRecords(module.getClass().getNestHost(), definition.nearby);
      module.define(definition);
      definition.check();
      return definition;
    } catch (DefinitionException e) {
      throw e;
    } catch (IllegalArgumentException | SchemaException e) {
      throw new DefinitionException(String.valueOf(e.getMessage()), e);
    }
  }

  private static void addRecords(Class<?> owner, Set<Class<?>> into) {
    for (var nested : owner.getDeclaredClasses()) {
      if (nested.isRecord()) {
        into.add(nested);
      }
      addRecords(nested, into);
    }
  }

  /** Declares a depot of one event type: a record class, or a sealed interface of records. */
  public <E> Depot<E> depot(String name, Class<E> events) {
    return depot(name, events, recordsOf(events));
  }

  /** Declares a depot of several event types that have a type in common. */
  public <E> Depot<E> depot(
      String name, Class<E> common, List<? extends Class<? extends E>> classes) {
    if (classes.isEmpty()) {
      throw new DefinitionException("depot " + name + " of module " + module + " has no events");
    }
    var depot = new Depot<>(module, name, common, classes);
    if (depots.putIfAbsent(depot.name(), depot) != null) {
      throw new DefinitionException("module " + module + " declares two depots " + depot.name());
    }
    return depot;
  }

  /** Declares a depot of event types that have nothing in common. */
  public Depot<Object> depot(String name, List<? extends Class<?>> classes) {
    return depot(name, Object.class, classes);
  }

  @SuppressWarnings("unchecked")
  private static <E> List<Class<? extends E>> recordsOf(Class<E> events) {
    if (!events.isSealed()) {
      return List.of(events);
    }
    var records = new ArrayList<Class<? extends E>>();
    for (var permitted : events.getPermittedSubclasses()) {
      records.addAll(recordsOf((Class<? extends E>) permitted));
    }
    return records;
  }

  /**
   * Declares a pstate spread over the tasks: a map by its keys, a set by its elements. A list or a
   * single value has no key to spread it by: declare it with {@link #globalPstate}.
   */
  public PState pstate(String name, Schema schema) {
    if (!(schema instanceof MapSchema)
        && !(schema instanceof io.millrace.engine.pstate.SetSchema)) {
      var what = schema instanceof ListSchema ? "a list" : "a single value";
      throw new DefinitionException(
          "pstate "
              + name
              + " of module "
              + module
              + " is "
              + what
              + " and has no key to spread it over the tasks; declare it with globalPstate");
    }
    return add(name, schema, false);
  }

  /** Declares a pstate that lives on task 0 as a whole. */
  public PState globalPstate(String name, Schema schema) {
    return add(name, schema, true);
  }

  private PState add(String name, Schema schema, boolean global) {
    var checked = Names.check("pstate", name);
    if (RESERVED.contains(checked)) {
      throw new DefinitionException("pstate name " + checked + " is reserved");
    }
    var pstate = new PState(module, checked, schema.checked(), global);
    if (pstates.putIfAbsent(checked, pstate) != null) {
      throw new DefinitionException("module " + module + " declares two pstates " + checked);
    }
    return pstate;
  }

  /**
   * Says that a pstate had another name in an earlier version of the module; what it holds stays.
   * Depots and topologies say so themselves: {@link Depot#renamed}, {@link StreamTopology#renamed}.
   */
  public void renamed(PState pstate, String formerName) {
    formerPstates.put(pstate, Names.check("pstate", formerName));
  }

  /** The name a pstate had before, or null. */
  public @Nullable String formerName(PState pstate) {
    return formerPstates.get(pstate);
  }

  /** Gives up a depot of an earlier version: its events are deleted at the next start. */
  public void retireDepot(String name) {
    retired.add(new Retired(Retired.Kind.DEPOT, Names.check("depot", name)));
  }

  /** Gives up a pstate of an earlier version: what it holds is deleted at the next start. */
  public void retirePstate(String name) {
    retired.add(new Retired(Retired.Kind.PSTATE, Names.check("pstate", name)));
  }

  /** Gives up a topology of an earlier version, with what has stopped and what waits in it. */
  public void retireTopology(String name) {
    retired.add(new Retired(Retired.Kind.TOPOLOGY, Names.check("topology", name)));
  }

  /** Gives up that a topology reads a depot, as it did in an earlier version. */
  public void retireSource(String topology, String depot) {
    var name = Names.check("topology", topology) + "/" + Names.check("depot", depot);
    retired.add(new Retired(Retired.Kind.SOURCE, name));
  }

  /** What this version gives up of earlier ones. */
  public Set<Retired> retired() {
    return Collections.unmodifiableSet(retired);
  }

  /** Declares a stream topology. */
  public StreamTopology stream(String name) {
    var stream = new StreamTopology(module, name);
    if (streams.putIfAbsent(stream.name(), stream) != null) {
      throw new DefinitionException(
          "module " + module + " declares two topologies " + stream.name());
    }
    return stream;
  }

  /**
   * Declares records that travel over hops but are no events: a waiting hop is state, so its value
   * needs a declared form. Records nested in the class of the module need not be declared.
   */
  public void values(List<? extends Class<? extends Record>> classes) {
    values.addAll(classes);
  }

  private void check() {
    checkRetired();
    Map<PState, StreamTopology> owners = new LinkedHashMap<>();
    for (var stream : streams.values()) {
      if (stream.sources().isEmpty()) {
        throw new DefinitionException(stream + " reads no depot; begin it with from(depot)");
      }
      for (var source : stream.sources()) {
        if (source.root().next().isEmpty()) {
          throw new DefinitionException(
              stream + " does nothing with the events of " + source.depot());
        }
      }
      for (var pstate : stream.written()) {
        var owner = owners.putIfAbsent(pstate, stream);
        if (owner != null) {
          throw new DefinitionException(
              pstate + " is written by two topologies, " + owner.name() + " and " + stream.name());
        }
      }
    }
  }

  private void checkRetired() {
    for (var given : retired) {
      var declared =
          switch (given.kind()) {
            case DEPOT -> depots.containsKey(given.name());
            case PSTATE -> pstates.containsKey(given.name());
            case TOPOLOGY -> streams.containsKey(given.name());
            case SOURCE ->
                streams.values().stream()
                    .anyMatch(stream ->
                        stream.sources().stream()
                            .anyMatch(source ->
                                given.name().equals(stream.name() + "/" + source.depot().name())));
          };
      if (declared) {
        throw new DefinitionException(
            "module " + module + " declares " + given + " and retires it; leave one of them out");
      }
    }
  }

  /** Name of the module. */
  public String module() {
    return module;
  }

  /** Depots in the order of their declaration. */
  public Collection<Depot<?>> depots() {
    return Collections.unmodifiableCollection(depots.values());
  }

  /** PStates in the order of their declaration. */
  public Collection<PState> pstates() {
    return Collections.unmodifiableCollection(pstates.values());
  }

  /** Stream topologies in the order of their declaration. */
  public Collection<StreamTopology> streams() {
    return Collections.unmodifiableCollection(streams.values());
  }

  /** Records, other than events, declared to travel over hops. */
  public Set<Class<?>> values() {
    return Collections.unmodifiableSet(values);
  }

  /** Records nested where the module's class is nested: they may travel over hops undeclared. */
  public Set<Class<?>> nearbyRecords() {
    return Collections.unmodifiableSet(nearby);
  }
}
