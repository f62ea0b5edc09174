package io.millrace.engine.topology;

import io.millrace.engine.depot.Depot;
import io.millrace.engine.event.Names;
import io.millrace.engine.pstate.PState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A stream topology: folds the events of its depots one by one. An event and what follows from it
 * is a tree of <em>stages</em>, the code between two hops; a stage happens whole or not at all.
 */
public final class StreamTopology {
  private static final StackWalker CALLERS = StackWalker.getInstance();
  private static final int DEFAULT_RETRIES = 3;

  private final String module;
  private final String name;
  private final List<Source> sources = new ArrayList<>();
  private final List<TopologyNode> nodes = new ArrayList<>();
  private final Set<PState> written = new LinkedHashSet<>();
  private final Set<String> placeNames = new HashSet<>();
  private int retries = DEFAULT_RETRIES;
  private @Nullable String formerName;

  /**
   * A depot the topology reads.
   *
   * @param depot the depot
   * @param root where its events enter
   */
  public record Source(Depot<?> depot, TopologyNode root) {}

  /** Declares a topology; modules do it through their definition. */
  public StreamTopology(String module, String name) {
    this.module = module;
    this.name = Names.check("topology", name);
  }

  /** How often a throwing stage is run again before the topology stops; 3 unless set. */
  public StreamTopology retries(int retries) {
    if (retries < 0 || retries > 100) {
      throw new IllegalArgumentException("retries of " + this + " must be 0..100, not " + retries);
    }
    this.retries = retries;
    return this;
  }

  /**
   * Says that the topology had another name in an earlier version of the module: what has stopped
   * and what waits goes on under the new one.
   */
  public StreamTopology renamed(String formerName) {
    this.formerName = Names.check("topology", formerName);
    return this;
  }

  /** The name it had before, or null. */
  public @Nullable String formerName() {
    return formerName;
  }

  /** Reads a depot from now on. One topology may read several. */
  public <E> Flow<E> from(Depot<E> depot) {
    if (!depot.module().equals(module)) {
      throw new IllegalArgumentException(this + " cannot read " + depot + " of another module");
    }
    for (var source : sources) {
      if (source.depot == depot) {
        throw new IllegalArgumentException(
            this + " reads " + depot + " twice; use the first flow twice instead");
      }
    }
    var root =
        add("from " + depot.name() + line(), "", false, new Step.Filter((event, at) -> true));
    sources.add(new Source(depot, root));
    var routing = depot.isGlobal() ? Routing.global() : Routing.by(depot.keyName());
    return new Flow<>(this, root, routing);
  }

  TopologyNode node(TopologyNode parent, String operator, @Nullable String name, Step step) {
    if (name == null) {
      return add(operator + line(), parent.placeBehind(operator), false, step);
    }
    var checked = Names.check("operator", name);
    if (!placeNames.add(checked)) {
      throw new IllegalArgumentException(
          this + " has two operators named " + checked + "; waiting work is found by that name");
    }
    return add(operator + " " + checked + line(), checked, true, step);
  }

  private TopologyNode add(String name, String place, boolean isNamed, Step step) {
    var node = new TopologyNode(nodes.size(), name, place, isNamed, step);
    nodes.add(node);
    return node;
  }

  private static String line() {
    return CALLERS.walk(frames ->
        frames
            .filter(frame -> !isOurs(frame.getClassName()))
            .findFirst()
            .map(frame -> " (" + frame.getFileName() + ":" + frame.getLineNumber() + ")")
            .orElse(""));
  }

  private static boolean isOurs(String className) {
    return className.startsWith("io.millrace.engine.topology.") && !className.contains("Test");
  }

  void writes(PState pstate) {
    if (!pstate.module().equals(module)) {
      throw new IllegalArgumentException(
          this + " cannot write " + pstate + ": it belongs to another module");
    }
    written.add(pstate);
  }

  /** Module that declares the topology. */
  public String module() {
    return module;
  }

  /** Name inside the module. */
  public String name() {
    return name;
  }

  /** How often a throwing stage is run again. */
  public int retries() {
    return retries;
  }

  /** Depots read. */
  public List<Source> sources() {
    return Collections.unmodifiableList(sources);
  }

  /** All places, by id. */
  public List<TopologyNode> nodes() {
    return Collections.unmodifiableList(nodes);
  }

  /** PStates it is known to write by its declaration. */
  public Set<PState> written() {
    return Collections.unmodifiableSet(written);
  }

  @Override
  public String toString() {
    return "topology " + module + "/" + name;
  }
}
