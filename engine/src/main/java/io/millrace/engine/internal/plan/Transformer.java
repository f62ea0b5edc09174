package io.millrace.engine.internal.plan;

import io.millrace.engine.internal.codec.Values;
import io.millrace.engine.path.Navigator;
import io.millrace.engine.path.PathException;
import io.millrace.engine.path.Terminal;
import io.millrace.engine.pstate.SchemaException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The meaning of writing paths, on plain collections: each function returns the value as it is
 * afterwards, or an {@link WriteOutcome}. Values given are never changed.
 */
final class Transformer {
  private Transformer() {}

  /** Writes into a value, beginning at a step. */
  static @Nullable Object transform(PathPlan plan, int i, @Nullable Object value) {
    if (i == plan.steps.length) {
      return terminal(plan, value);
    }
    var step = plan.steps[i];
    return switch (step.navigator()) {
      case Navigator.Key(var key) -> at(plan, i, value, key);
      case Navigator.Must(var key) ->
          Interpreter.has(step, value, key) ? at(plan, i, value, key) : WriteOutcome.KEPT;
      case Navigator.Nth(var index) -> nth(plan, i, value, index);
      case Navigator.First() -> end(plan, i, value, true);
      case Navigator.Last() -> end(plan, i, value, false);
      case Navigator.All() ->
          step.in().isSet()
              ? elements(plan, i, value, Interpreter.collection(value))
              : list(plan, i, value);
      case Navigator.MapVals() -> vals(plan, i, value, Interpreter.map(value).keySet());
      case Navigator.MapKeys() ->
          Interpreter.map(value).isEmpty()
              ? WriteOutcome.KEPT
              : Collections.unmodifiableSortedMap(Interpreter.copyMap(step.in(), null));
      case Navigator.MapKey(var key) -> without(step, value, List.of(key));
      case Navigator.SetElem(var element) ->
          Interpreter.collection(value).contains(element)
              ? elements(plan, i, value, List.of(element))
              : WriteOutcome.KEPT;
      case Navigator.SortedRange range -> range(plan, i, value, range);
      case Navigator.AfterLast() -> added(plan, i, value, false);
      case Navigator.BeforeFirst() -> added(plan, i, value, true);
      case Navigator.NullTo(var other) -> transform(plan, i + 1, value == null ? other : value);
      case Navigator.Compare(var comparison, var other) ->
          Comparing.holds(comparison, value, other)
              ? transform(plan, i + 1, value)
              : WriteOutcome.KEPT;
      case Navigator.Where(var test) ->
          test.test(value) ? transform(plan, i + 1, value) : WriteOutcome.KEPT;
      case Navigator.Selected(_, var wanted) ->
          Interpreter.leads(step.branches().getFirst(), value) == wanted
              ? transform(plan, i + 1, value)
              : WriteOutcome.KEPT;
      case Navigator.Multi _ -> multi(step, value);
      case Navigator.Stay() -> transform(plan, i + 1, value);
      case Navigator.View _, Navigator.Count _, Navigator.Contains _, Navigator.Subselect _ ->
          throw new IllegalStateException("cannot be written through");
    };
  }

  /** What the terminal makes of a value, checked against the schema of its place. */
  static @Nullable Object terminal(PathPlan plan, @Nullable Object value) {
    return switch (plan.terminal()) {
      case Terminal.Put(var put) -> notNullOnTop(plan.end, put);
      case Terminal.Update(var function) ->
          notNullOnTop(plan.end, checked(plan, function.apply(value)));
      case Terminal.Remove() -> WriteOutcome.REMOVED;
      case Terminal.Add(var element) -> {
        var set = new TreeSet<Object>(plan.end.order());
        set.addAll(Interpreter.collection(value));
        yield set.add(element) || value == null
            ? Collections.unmodifiableSortedSet(set)
            : WriteOutcome.KEPT;
      }
      case Terminal.Append(var element) -> longer(value, element, false);
      case Terminal.Prepend(var element) -> longer(value, element, true);
    };
  }

  /** Refuses null for a top level that is a collection. */
  static @Nullable Object notNullOnTop(SchemaNode node, @Nullable Object value) {
    if (node.top && value == null) {
      throw new SchemaException("the top level is never null; remove it to empty it");
    }
    return value;
  }

  static @Nullable Object checked(PathPlan plan, @Nullable Object value) {
    return plan.endIsKey
        ? Values.normalizeKey(plan.end.schema, value)
        : Values.normalize(plan.end.schema, value);
  }

  private static List<@Nullable Object> longer(
      @Nullable Object value, @Nullable Object element, boolean front) {
    var list = new ArrayList<@Nullable Object>(Interpreter.list(value));
    list.add(front ? 0 : list.size(), element);
    return Collections.unmodifiableList(list);
  }

  private static @Nullable Object at(PathPlan plan, int i, @Nullable Object value, Object key) {
    var step = plan.steps[i];
    var outcome = transform(plan, i + 1, Interpreter.get(step, value, key));
    if (outcome == WriteOutcome.KEPT) {
      return outcome;
    }
    if (step.field() >= 0) {
      return withField(step, value, outcome == WriteOutcome.REMOVED ? null : outcome);
    }
    if (outcome == WriteOutcome.REMOVED) {
      return without(step, value, List.of(key));
    }
    var copy = Interpreter.copyMap(step.in(), value);
    copy.put(key, outcome);
    return Collections.unmodifiableSortedMap(copy);
  }

  private static Object withField(PlanStep step, @Nullable Object record, @Nullable Object value) {
    checkField(step, value);
    var values = new @Nullable Object[step.in().fields.length];
    for (var f = 0; f < values.length; f++) {
      values[f] =
          f == step.field() ? value : record == null ? null : step.in().shape().get(record, f);
    }
    return step.in().shape().build(values);
  }

  /** Refuses null where the field is a primitive. */
  static void checkField(PlanStep step, @Nullable Object value) {
    var field = step.in().record().fields().get(step.field());
    if (value == null && !field.nullable()) {
      throw SchemaException.mismatch(
          "field " + field.name(), field.schema() + " (never null)", "null");
    }
  }

  private static Object without(PlanStep step, @Nullable Object value, List<?> keys) {
    var copy = Interpreter.copyMap(step.in(), value);
    var size = copy.size();
    keys.forEach(copy::remove);
    return copy.size() == size ? WriteOutcome.KEPT : Collections.unmodifiableSortedMap(copy);
  }

  private static @Nullable Object nth(PathPlan plan, int i, @Nullable Object value, int index) {
    var list = Interpreter.list(value);
    if (index >= list.size()) {
      throw outside(index, list.size());
    }
    var outcome = transform(plan, i + 1, list.get(index));
    if (outcome == WriteOutcome.KEPT) {
      return outcome;
    }
    var copy = new ArrayList<@Nullable Object>(list);
    if (outcome == WriteOutcome.REMOVED) {
      copy.remove(index);
    } else {
      copy.set(index, outcome);
    }
    return Collections.unmodifiableList(copy);
  }

  static PathException outside(int index, long size) {
    return new PathException("index=" + index + " is outside the list of size=" + size);
  }

  private static @Nullable Object end(PathPlan plan, int i, @Nullable Object value, boolean first) {
    var elements = Interpreter.collection(value);
    if (elements.isEmpty()) {
      return WriteOutcome.KEPT;
    }
    if (value instanceof List<?> list) {
      return nth(plan, i, value, first ? 0 : list.size() - 1);
    }
    var sorted = new TreeSet<Object>(plan.steps[i].in().order());
    sorted.addAll(elements);
    return elements(plan, i, value, List.of(first ? sorted.first() : sorted.last()));
  }

  private static @Nullable Object list(PathPlan plan, int i, @Nullable Object value) {
    var copy = new ArrayList<@Nullable Object>();
    var changed = false;
    for (var element : Interpreter.list(value)) {
      var outcome = transform(plan, i + 1, element);
      changed |= outcome != WriteOutcome.KEPT;
      if (outcome == WriteOutcome.KEPT) {
        copy.add(element);
      } else if (outcome != WriteOutcome.REMOVED) {
        copy.add(outcome);
      }
    }
    return changed ? Collections.unmodifiableList(copy) : WriteOutcome.KEPT;
  }

  /** Writes through some elements of a set: what they become takes their place. */
  private static @Nullable Object elements(
      PathPlan plan, int i, @Nullable Object value, Collection<?> some) {
    var removed = new ArrayList<Object>();
    var added = new ArrayList<Object>();
    for (var element : some) {
      var outcome = transform(plan, i + 1, element);
      if (outcome != WriteOutcome.KEPT) {
        removed.add(element);
        if (outcome != WriteOutcome.REMOVED) {
          added.add(Values.normalizeKey(plan.steps[i].in().keySchema(), outcome));
        }
      }
    }
    if (removed.isEmpty()) {
      return WriteOutcome.KEPT;
    }
    var set = new TreeSet<Object>(plan.steps[i].in().order());
    set.addAll(Interpreter.collection(value));
    removed.forEach(set::remove);
    set.addAll(added);
    return Collections.unmodifiableSortedSet(set);
  }

  /** Writes through the values of some keys of a map. */
  private static @Nullable Object vals(
      PathPlan plan, int i, @Nullable Object value, Collection<?> keys) {
    var copy = Interpreter.copyMap(plan.steps[i].in(), value);
    var changed = false;
    for (var key : new ArrayList<>(keys)) {
      var outcome = transform(plan, i + 1, copy.get(key));
      changed |= outcome != WriteOutcome.KEPT;
      if (outcome == WriteOutcome.REMOVED) {
        copy.remove(key);
      } else if (outcome != WriteOutcome.KEPT) {
        copy.put(key, outcome);
      }
    }
    return changed ? Collections.unmodifiableSortedMap(copy) : WriteOutcome.KEPT;
  }

  private static @Nullable Object range(
      PathPlan plan, int i, @Nullable Object value, Navigator.SortedRange range) {
    var in = plan.steps[i].in();
    var part = Interpreter.range(in, range, value);
    if (i + 1 < plan.steps.length) {
      return in.isMap()
          ? vals(plan, i + 1, value, Interpreter.map(part).keySet())
          : elements(plan, i + 1, value, Interpreter.collection(part));
    }
    if (in.isMap()) {
      return without(plan.steps[i], value, List.copyOf(Interpreter.map(part).keySet()));
    }
    var left = new TreeSet<Object>(in.order());
    left.addAll(Interpreter.collection(value));
    return left.removeAll(Interpreter.collection(part))
        ? Collections.unmodifiableSortedSet(left)
        : WriteOutcome.KEPT;
  }

  private static @Nullable Object added(
      PathPlan plan, int i, @Nullable Object value, boolean front) {
    var outcome = transform(plan, i + 1, null);
    return WriteOutcome.isValue(outcome) ? longer(value, outcome, front) : WriteOutcome.KEPT;
  }

  private static @Nullable Object multi(PlanStep step, @Nullable Object value) {
    @Nullable Object current = value;
    @Nullable Object result = WriteOutcome.KEPT;
    for (var branch : step.branches()) {
      var outcome = transform(branch, 0, current);
      if (outcome != WriteOutcome.KEPT) {
        result = outcome;
        current = outcome == WriteOutcome.REMOVED ? removed(step.in()) : outcome;
      }
    }
    return result;
  }

  private static @Nullable Object removed(SchemaNode node) {
    return node.top ? SubindexTrees.empty(node) : null;
  }
}
