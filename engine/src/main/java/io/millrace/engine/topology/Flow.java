package io.millrace.engine.topology;

import io.millrace.engine.event.KeyFunction;
import io.millrace.engine.event.KeyName;
import io.millrace.engine.pstate.PState;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Values on their way through a topology. Each operator returns the flow behind it; using one flow
 * twice makes two branches, which run in the order they were written.
 *
 * <p>Code that runs between two hops is one stage: it sees one task, and happens whole or not at
 * all. Between tasks there is only {@link #hop}; nothing moves unasked.
 *
 * @param <E> type of the values
 */
public class Flow<E> {
  private final StreamTopology topology;
  private final TopologyNode node;
  private final Routing routing;

  Flow(StreamTopology topology, TopologyNode node, Routing routing) {
    this.topology = topology;
    this.node = node;
    this.routing = routing;
  }

  StreamTopology topology() {
    return topology;
  }

  Routing routing() {
    return routing;
  }

  TopologyNode here() {
    return node;
  }

  TopologyNode append(String operator, @Nullable String name, Step step) {
    var added = topology.node(node, operator, name, step);
    node.add(added);
    return added;
  }

  private <R> Flow<R> then(String operator, @Nullable String name, Step step, Routing behind) {
    return new Flow<>(topology, append(operator, name, step), behind);
  }

  /** Runs code for each value. */
  public Flow<E> each(BiConsumer<? super E, TaskContext> code) {
    return eachAt(null, code);
  }

  /**
   * Runs code for each value, at a named place: messages and waiting work know it by that name,
   * whatever is added before it later.
   *
   * @param name {@code [a-z][a-z0-9_]*}, given once in the topology
   */
  public Flow<E> each(String name, BiConsumer<? super E, TaskContext> code) {
    return eachAt(name, code);
  }

  @SuppressWarnings("unchecked")
  private Flow<E> eachAt(@Nullable String name, BiConsumer<? super E, TaskContext> code) {
    return then("each", name, new Step.Each((BiConsumer<Object, TaskContext>) code), routing);
  }

  /** Keeps the values a condition holds for. */
  public Flow<E> filter(Predicate<? super E> condition) {
    return filter((value, at) -> condition.test(value));
  }

  /** Keeps the values a condition holds for. */
  @SuppressWarnings("unchecked")
  public Flow<E> filter(BiPredicate<? super E, TaskContext> condition) {
    return then(
        "filter", null, new Step.Filter((BiPredicate<Object, TaskContext>) condition), routing);
  }

  /** Turns each value into another. */
  public <R> Flow<R> map(Function<? super E, ? extends R> function) {
    return map((value, at) -> function.apply(value));
  }

  /** Turns each value into another. */
  @SuppressWarnings("unchecked")
  public <R> Flow<R> map(BiFunction<? super E, TaskContext, ? extends R> function) {
    var untyped = (BiFunction<Object, TaskContext, ? extends @Nullable Object>) function;
    return then("map", null, new Step.Map(untyped), routing.forgetValue());
  }

  /** Turns each value into any number of others, in order. */
  public <R> Flow<R> explode(Function<? super E, ? extends Iterable<? extends R>> function) {
    return explode((value, at) -> function.apply(value));
  }

  /** Turns each value into any number of others, in order. */
  @SuppressWarnings("unchecked")
  public <R> Flow<R> explode(
      BiFunction<? super E, TaskContext, ? extends Iterable<? extends R>> function) {
    var untyped =
        (BiFunction<Object, TaskContext, ? extends Iterable<?>>)
            (BiFunction<?, TaskContext, ?>) function;
    return then("explode", null, new Step.Explode(untyped), routing.forgetValue());
  }

  /** Keeps the values of one class: events of one type, for instance. */
  public <T extends E> Flow<T> when(Class<T> type) {
    return then("when " + type.getSimpleName(), null, new Step.When(type), routing);
  }

  /** Handles the values of one class aside and goes on with all. */
  public <T extends E> Flow<E> when(Class<T> type, BiConsumer<? super T, TaskContext> code) {
    when(type).each(code);
    return this;
  }

  /** Handles the values a condition holds for in a branch of their own and goes on with all. */
  public Flow<E> branch(Predicate<? super E> condition, Consumer<Flow<E>> branch) {
    branch.accept(filter(condition));
    return this;
  }

  /** Goes on at the task of a key. What was written before stays written whatever follows. */
  public <K> Flow<E> hop(KeyFunction<? super E, K> key) {
    return hopAt(null, key);
  }

  /**
   * Goes on at the task of a key, at a named place: what waits there is found by that name.
   *
   * @param name {@code [a-z][a-z0-9_]*}, given once in the topology
   */
  public <K> Flow<E> hop(String name, KeyFunction<? super E, K> key) {
    return hopAt(name, key);
  }

  private <K> Flow<E> hopAt(@Nullable String name, KeyFunction<? super E, K> key) {
    var keyName = KeyName.of(key);
    return then("hop", name, hopStep(key, keyName), Routing.by(keyName));
  }

  @SuppressWarnings("unchecked")
  static <E> Step.Hop hopStep(KeyFunction<? super E, ?> key, @Nullable KeyName name) {
    var function = (Function<Object, Object>) (Function<?, ?>) key;
    return new Step.Hop((value, at) -> function.apply(value), name);
  }

  /** Goes on at task 0, where global pstates live. */
  public Flow<E> hopGlobal() {
    return hopGlobalAt(null);
  }

  /** The same, at a named place; see {@link #hop(String, KeyFunction)}. */
  public Flow<E> hopGlobal(String name) {
    return hopGlobalAt(name);
  }

  private Flow<E> hopGlobalAt(@Nullable String name) {
    return then("hop_global", name, new Step.HopTo((value, at) -> 0), Routing.global());
  }

  /** Goes on at a task of one's own choice. */
  public Flow<E> hopTo(BiFunction<? super E, TaskContext, Integer> task) {
    return hopToAt(null, task);
  }

  /** The same, at a named place; see {@link #hop(String, KeyFunction)}. */
  public Flow<E> hopTo(String name, BiFunction<? super E, TaskContext, Integer> task) {
    return hopToAt(name, task);
  }

  @SuppressWarnings("unchecked")
  private Flow<E> hopToAt(@Nullable String name, BiFunction<? super E, TaskContext, Integer> task) {
    var untyped =
        (BiFunction<Object, TaskContext, Integer>) (BiFunction<?, TaskContext, Integer>) task;
    return then("hop_to", name, new Step.HopTo(untyped), Routing.unknown());
  }

  /** Goes on at every task. */
  public Flow<E> hopAll() {
    return then("hop_all", null, new Step.HopAll(), Routing.unknown());
  }

  /** The same, at a named place; see {@link #hop(String, KeyFunction)}. */
  public Flow<E> hopAll(String name) {
    return then("hop_all", name, new Step.HopAll(), Routing.unknown());
  }

  /** Goes on at the task of a key, to aggregate by it. */
  public <K> GroupedFlow<K, E> groupBy(KeyFunction<? super E, K> key) {
    var name = KeyName.of(key);
    var here = name != null && name.equals(routing.key());
    var grouped = here ? node : append("group_by", null, hopStep(key, name));
    return new GroupedFlow<>(topology, grouped, Routing.by(name), key);
  }

  /**
   * Keeps the {@code size} largest of all values by a number that only grows, the newest number of
   * each id, in a global pstate: a list of records of two fields, id and number, largest first.
   */
  public Flow<E> top(
      PState into, int size, Function<? super E, ?> id, ToLongFunction<? super E> number) {
    topology.writes(into);
    if (routing.kind() != Routing.Kind.GLOBAL || !into.isGlobal()) {
      throw new IllegalArgumentException(
          topology + ": one top of all needs a global pstate and hopGlobal() before it");
    }
    var top = new TopList(into, size);
    return each((value, at) ->
        at.write(into).update(old -> top.with(old, id.apply(value), number.applyAsLong(value))));
  }

  /**
   * Writes a pstate at a key: {@code set} follows. Where both the flow's routing and the key are
   * known components, a write that would land on another task is refused here.
   *
   * @throws IllegalArgumentException when the flow is routed by something else
   */
  public <K> KeyedWrite<K, E> write(PState pstate, KeyFunction<? super E, K> key) {
    topology.writes(pstate);
    checkRouting(pstate, KeyName.of(key));
    return new KeyedWrite<>(this, pstate, key);
  }

  void checkRouting(PState pstate, @Nullable KeyName key) {
    if (pstate.isGlobal()) {
      if (routing.kind() == Routing.Kind.KEY) {
        throw new IllegalArgumentException(
            topology
                + ": "
                + pstate
                + " is global, but the flow is routed by "
                + column(routing.key())
                + "; call hopGlobal() first");
      }
      return;
    }
    if (routing.kind() == Routing.Kind.GLOBAL) {
      throw new IllegalArgumentException(
          topology + ": the flow is on task 0, but " + pstate + " is keyed; hop to the key first");
    }
    if (routing.kind() == Routing.Kind.KEY && key != null && !key.equals(routing.key())) {
      throw new IllegalArgumentException(
          topology
              + ": "
              + pstate
              + " is written by "
              + key.column()
              + ", but the flow is routed by "
              + column(routing.key())
              + "; call hop(...) with "
              + key.column()
              + " first");
    }
  }

  private static String column(@Nullable KeyName key) {
    return key == null ? "nothing" : key.column();
  }
}
