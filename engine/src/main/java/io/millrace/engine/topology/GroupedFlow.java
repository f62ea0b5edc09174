package io.millrace.engine.topology;

import io.millrace.engine.event.KeyFunction;
import io.millrace.engine.pstate.PState;
import java.util.Comparator;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A flow at the task of its key, ready to aggregate into a pstate whose top level is a map by that
 * key. Each aggregation passes on the key with its new value.
 *
 * @param <K> type of the key
 * @param <E> type of the values
 */
public final class GroupedFlow<K, E> extends Flow<E> {
  private final KeyFunction<? super E, K> key;
  private final @Nullable KeyFunction<? super E, ?> inner;

  GroupedFlow(
      StreamTopology topology, TopologyNode node, Routing routing, KeyFunction<? super E, K> key) {
    this(topology, node, routing, key, null);
  }

  private GroupedFlow(
      StreamTopology topology,
      TopologyNode node,
      Routing routing,
      KeyFunction<? super E, K> key,
      @Nullable KeyFunction<? super E, ?> inner) {
    super(topology, node, routing);
    this.key = key;
    this.inner = inner;
  }

  /** Aggregates by a second key inside the first: the pstate is then a map of maps. */
  public <I> GroupedFlow<K, E> then(KeyFunction<? super E, I> inner) {
    if (this.inner != null) {
      throw new IllegalArgumentException(topology() + ": groupBy takes one key inside the first");
    }
    return new GroupedFlow<>(topology(), here(), routing(), key, inner);
  }

  /** Counts the values of each key. */
  public Flow<Keyed<K, Long>> count(PState into) {
    return sum(into, value -> 1L);
  }

  /** Adds whole numbers up. */
  public Flow<Keyed<K, Long>> sum(PState into, ToLongFunction<? super E> number) {
    topology().writes(into);
    return map((value, at) -> {
      var group = groupOf(value);
      var by = number.applyAsLong(value);
      return new Keyed<>(group, cell(at.write(into).key(group), value).increment(by));
    });
  }

  /** Adds numbers up. */
  public Flow<Keyed<K, Double>> sumDouble(PState into, ToDoubleFunction<? super E> number) {
    return fold(into, (old, value) -> (old == null ? 0.0 : old) + number.applyAsDouble(value));
  }

  /** Keeps the smallest. */
  public <V extends Comparable<V>> Flow<Keyed<K, V>> min(
      PState into, Function<? super E, V> number) {
    return extreme(into, number, Comparator.reverseOrder());
  }

  /** Keeps the largest. */
  public <V extends Comparable<V>> Flow<Keyed<K, V>> max(
      PState into, Function<? super E, V> number) {
    return extreme(into, number, Comparator.naturalOrder());
  }

  private <V extends Comparable<V>> Flow<Keyed<K, V>> extreme(
      PState into, Function<? super E, V> number, Comparator<V> order) {
    return fold(
        into,
        (old, value) -> {
          var candidate = number.apply(value);
          return old == null || order.compare(candidate, old) > 0 ? candidate : old;
        });
  }

  /** Keeps what the newest value says. */
  public <V> Flow<Keyed<K, V>> last(PState into, Function<? super E, V> value) {
    return fold(into, (old, newest) -> value.apply(newest));
  }

  /** Folds each value into what the pstate holds for its key; absent is null. */
  @SuppressWarnings("unchecked")
  public <V> Flow<Keyed<K, V>> fold(
      PState into, BiFunction<@Nullable V, ? super E, @Nullable V> function) {
    topology().writes(into);
    return map((value, at) -> {
      var group = groupOf(value);
      var old = (V) cellRead(at.read(into).key(group), value).get();
      var folded = function.apply(old, value);
      if (!Objects.equals(old, folded)) {
        cell(at.write(into).key(group), value).set(folded);
      }
      return new Keyed<>(group, folded);
    });
  }

  /**
   * Keeps the {@code size} largest by a number that only grows, the newest number of each id. The
   * pstate holds for each key a list of records of two fields, id and number, largest first.
   */
  public Flow<E> top(
      PState into, int size, Function<? super E, ?> id, ToLongFunction<? super E> number) {
    topology().writes(into);
    var top = new TopList(into, size);
    return each((value, at) ->
        at.write(into)
            .key(groupOf(value))
            .update(old -> top.with(old, id.apply(value), number.applyAsLong(value))));
  }

  private K groupOf(E value) {
    return Objects.requireNonNull(key.apply(value), "the key to group by is null");
  }

  private PStateWriter cell(PStateWriter group, E value) {
    return inner == null ? group : group.key(Objects.requireNonNull(inner.apply(value)));
  }

  private PStateReader cellRead(PStateReader group, E value) {
    return inner == null ? group : group.key(Objects.requireNonNull(inner.apply(value)));
  }
}
