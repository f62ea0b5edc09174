package io.millrace.engine.internal.plan;

import io.millrace.engine.internal.codec.RecordLayout;
import io.millrace.engine.internal.codec.Values;
import io.millrace.engine.path.Navigator;
import io.millrace.engine.path.PathException;
import io.millrace.engine.pstate.Scalar;
import io.millrace.engine.pstate.Schema;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The meaning of reading paths, on plain collections: clear, not fast. The store must give the same
 * answers, and uses this for values that are not trees.
 */
final class Interpreter {
  private Interpreter() {}

  /**
   * Reads from a value, beginning at a step.
   *
   * @return false when the receiver has had enough
   */
  static boolean select(PathPlan plan, int i, @Nullable Object value, PathSink hits) {
    if (i == plan.steps.length) {
      return hits.hit(value);
    }
    var step = plan.steps[i];
    return switch (step.navigator()) {
      case Navigator.Key(var key) -> select(plan, i + 1, get(step, value, key), hits);
      case Navigator.Must(var key) ->
          !has(step, value, key) || select(plan, i + 1, get(step, value, key), hits);
      case Navigator.Nth(var index) -> {
        var list = list(value);
        yield index >= list.size() || select(plan, i + 1, list.get(index), hits);
      }
      case Navigator.First() -> {
        var all = elements(value);
        yield all.isEmpty() || select(plan, i + 1, all.getFirst(), hits);
      }
      case Navigator.Last() -> {
        var all = elements(value);
        yield all.isEmpty() || select(plan, i + 1, all.getLast(), hits);
      }
      case Navigator.All() -> each(plan, i, elements(value), hits);
      case Navigator.MapVals() -> each(plan, i, map(value).values(), hits);
      case Navigator.MapKeys() -> each(plan, i, map(value).keySet(), hits);
      case Navigator.MapKey(var key) -> !has(step, value, key) || select(plan, i + 1, key, hits);
      case Navigator.SetElem(var element) ->
          !collection(value).contains(element) || select(plan, i + 1, element, hits);
      case Navigator.Contains(var element) ->
          select(plan, i + 1, contains(step, value, element), hits);
      case Navigator.Count() -> select(plan, i + 1, (long) elements(value).size(), hits);
      case Navigator.SortedRange range -> select(plan, i + 1, range(step.in(), range, value), hits);
      case Navigator.NullTo(var other) -> select(plan, i + 1, value == null ? other : value, hits);
      case Navigator.View(var function) -> select(plan, i + 1, function.apply(value), hits);
      case Navigator.Compare(var comparison, var other) ->
          !Comparing.holds(comparison, value, other) || select(plan, i + 1, value, hits);
      case Navigator.Where(var test) -> !test.test(value) || select(plan, i + 1, value, hits);
      case Navigator.Selected(_, var wanted) ->
          leads(step.branches().getFirst(), value) != wanted || select(plan, i + 1, value, hits);
      case Navigator.Multi _ -> {
        for (var branch : step.branches()) {
          if (!select(branch, 0, value, hits)) {
            yield false;
          }
        }
        yield true;
      }
      case Navigator.Subselect _ -> {
        var found = new ArrayList<@Nullable Object>();
        select(step.branches().getFirst(), 0, value, found::add);
        yield select(plan, i + 1, Collections.unmodifiableList(found), hits);
      }
      case Navigator.Stay() -> select(plan, i + 1, value, hits);
      case Navigator.AfterLast(), Navigator.BeforeFirst() ->
          throw new IllegalStateException("cannot be read");
    };
  }

  /** True when a path leads somewhere. */
  static boolean leads(PathPlan plan, @Nullable Object value) {
    return !select(plan, 0, value, _ -> false);
  }

  private static boolean each(PathPlan plan, int i, Collection<?> values, PathSink hits) {
    for (var value : values) {
      if (!select(plan, i + 1, value, hits)) {
        return false;
      }
    }
    return true;
  }

  static @Nullable Object get(PlanStep step, @Nullable Object value, Object key) {
    if (value == null) {
      return null;
    }
    if (step.field() >= 0) {
      return step.in().shape().get(value, step.field());
    }
    if (value instanceof Record record) {
      return component(record, key);
    }
    if (step.in().schema != Scalar.ANY) {
      return map(value).get(key);
    }
    for (var entry : map(value).entrySet()) {
      if (Values.equal(entry.getKey(), key)) {
        return entry.getValue();
      }
    }
    return null;
  }

  private static @Nullable Object component(Record record, Object key) {
    var schema = Schema.of(record.getClass());
    var field = key instanceof String name ? schema.indexOf(name) : -1;
    if (field < 0) {
      throw new PathException(schema + " has no field " + Values.text(key));
    }
    return RecordLayout.of(schema).get(record, field);
  }

  static boolean has(PlanStep step, @Nullable Object value, Object key) {
    if (step.field() >= 0 || value instanceof Record) {
      return get(step, value, key) != null;
    }
    return step.in().schema == Scalar.ANY
        ? anyEqual(map(value).keySet(), key)
        : map(value).containsKey(key);
  }

  private static boolean contains(PlanStep step, @Nullable Object value, @Nullable Object element) {
    return switch (value) {
      case null -> false;
      case Map<?, ?> map -> element != null && has(step, map, element);
      case Collection<?> collection ->
          step.in().isSet() ? collection.contains(element) : anyEqual(collection, element);
      default -> throw new PathException("expected a collection, got " + Values.typeName(value));
    };
  }

  private static boolean anyEqual(Collection<?> values, @Nullable Object wanted) {
    return values.stream().anyMatch(value -> Values.equal(value, wanted));
  }

  static Map<?, ?> map(@Nullable Object value) {
    return switch (value) {
      case null -> Map.of();
      case Map<?, ?> map -> map;
      default -> throw new PathException("expected a map, got " + Values.typeName(value));
    };
  }

  static List<?> list(@Nullable Object value) {
    return switch (value) {
      case null -> List.of();
      case List<?> list -> list;
      default -> throw new PathException("expected a list, got " + Values.typeName(value));
    };
  }

  static Collection<?> collection(@Nullable Object value) {
    return switch (value) {
      case null -> List.of();
      case Collection<?> collection -> collection;
      default -> throw new PathException("expected a collection, got " + Values.typeName(value));
    };
  }

  /** The elements of a collection; of a map its pairs. */
  private static List<?> elements(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      var pairs = new ArrayList<Object>(map.size());
      map.forEach((key, element) -> pairs.add(pair(key, element)));
      return pairs;
    }
    return value instanceof List<?> list ? list : new ArrayList<>(collection(value));
  }

  static List<@Nullable Object> pair(@Nullable Object key, @Nullable Object value) {
    var pair = new ArrayList<@Nullable Object>(2);
    pair.add(key);
    pair.add(value);
    return Collections.unmodifiableList(pair);
  }

  /** The part of a map or set that lies in a range. */
  static Object range(SchemaNode in, Navigator.SortedRange range, @Nullable Object value) {
    if (in.isMap()) {
      var part = new TreeMap<Object, @Nullable Object>(in.order());
      map(value)
          .forEach((key, element) -> {
            if (inside(in, range, key)) {
              part.put(key, element);
            }
          });
      while (range.limit() > 0 && part.size() > range.limit()) {
        part.remove(range.fromEnd() ? part.firstKey() : part.lastKey());
      }
      return Collections.unmodifiableSortedMap(part);
    }
    var part = new TreeSet<Object>(in.order());
    for (var element : collection(value)) {
      if (inside(in, range, element)) {
        part.add(element);
      }
    }
    while (range.limit() > 0 && part.size() > range.limit()) {
      part.remove(range.fromEnd() ? part.first() : part.last());
    }
    return Collections.unmodifiableSortedSet(part);
  }

  private static boolean inside(SchemaNode in, Navigator.SortedRange range, Object key) {
    var from = range.from();
    var to = range.to();
    if (from != null) {
      var order = in.order().compare(key, from.value());
      if (order < 0 || order == 0 && !from.inclusive()) {
        return false;
      }
    }
    if (to != null) {
      var order = in.order().compare(key, to.value());
      return order < 0 || order == 0 && to.inclusive();
    }
    return true;
  }

  /** A map of a node's keys that can be changed, with the entries of a value. */
  static SortedMap<Object, @Nullable Object> copyMap(SchemaNode in, @Nullable Object value) {
    var copy = new TreeMap<Object, @Nullable Object>(in.order());
    map(value).forEach(copy::put);
    return copy;
  }
}
