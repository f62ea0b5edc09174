package io.millrace.engine.path;

import io.millrace.engine.path.Navigator.Comparison;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A path over a list of navigators; each method returns a longer one.
 *
 * @param steps the navigators in order
 */
public record Steps(List<Navigator> steps) implements Path {
  static final Steps NONE = new Steps(List.of());

  /** Copies the list. */
  public Steps {
    steps = List.copyOf(steps);
  }

  /** This path and one more navigator. */
  public Steps then(Navigator step) {
    var longer = new ArrayList<Navigator>(steps.size() + 1);
    longer.addAll(steps);
    longer.add(step);
    return new Steps(longer);
  }

  /** This path and another one behind it. */
  public Steps then(Path path) {
    var longer = new ArrayList<>(steps);
    longer.addAll(path.steps());
    return new Steps(longer);
  }

  /** The value at a map key or record field, one after the other; absent is null. */
  public Steps key(Object... keys) {
    var longer = new ArrayList<>(steps);
    for (var key : keys) {
      longer.add(new Navigator.Key(key));
    }
    return new Steps(longer);
  }

  /** The same, but nothing when one is absent. */
  public Steps must(Object... keys) {
    var longer = new ArrayList<>(steps);
    for (var key : keys) {
      longer.add(new Navigator.Must(key));
    }
    return new Steps(longer);
  }

  /** The element of a list at an index. */
  public Steps nth(int index) {
    return then(new Navigator.Nth(index));
  }

  /** The first element; nothing when empty. */
  public Steps first() {
    return then(new Navigator.First());
  }

  /** The last element; nothing when empty. */
  public Steps last() {
    return then(new Navigator.Last());
  }

  /** Every element; of a map every {@code [key, value]}. */
  public Steps all() {
    return then(new Navigator.All());
  }

  /** Every value of a map. */
  public Steps mapVals() {
    return then(new Navigator.MapVals());
  }

  /** Every key of a map. */
  public Steps mapKeys() {
    return then(new Navigator.MapKeys());
  }

  /** A map key itself, when it is there. */
  public Steps mapKey(Object key) {
    return then(new Navigator.MapKey(key));
  }

  /** An element of a set, when it is there. */
  public Steps setElem(Object element) {
    return then(new Navigator.SetElem(element));
  }

  /** Whether a set holds an element, a map a key, or a list a value. */
  public Steps contains(@Nullable Object element) {
    return then(new Navigator.Contains(element));
  }

  /** How many elements there are. */
  public Steps count() {
    return then(new Navigator.Count());
  }

  /** The keys from one (inclusive) to another (exclusive). */
  public Steps range(Object from, Object to) {
    return then(new Navigator.SortedRange(incl(from), excl(to), 0, false));
  }

  /** The keys between two bounds. */
  public Steps range(Object from, boolean fromInclusive, Object to, boolean toInclusive) {
    return then(
        new Navigator.SortedRange(
            new Navigator.Bound(from, fromInclusive),
            new Navigator.Bound(to, toInclusive),
            0,
            false));
  }

  /** The first keys from one (inclusive) on. */
  public Steps rangeFrom(Object from, int limit) {
    return then(new Navigator.SortedRange(incl(from), null, limit, false));
  }

  /** The first keys behind one (exclusive): the next page. */
  public Steps rangeAfter(Object from, int limit) {
    return then(new Navigator.SortedRange(excl(from), null, limit, false));
  }

  /** The last keys before one (exclusive). */
  public Steps rangeTo(Object to, int limit) {
    return then(new Navigator.SortedRange(null, excl(to), limit, true));
  }

  /** The first keys. */
  public Steps rangeFromStart(int limit) {
    return then(new Navigator.SortedRange(null, null, limit, false));
  }

  /** The last keys. */
  public Steps rangeToEnd(int limit) {
    return then(new Navigator.SortedRange(null, null, limit, true));
  }

  /** The place behind the last element of a list. */
  public Steps afterLast() {
    return then(new Navigator.AfterLast());
  }

  /** The place before the first element of a list. */
  public Steps beforeFirst() {
    return then(new Navigator.BeforeFirst());
  }

  /** Another value in place of null. */
  public Steps nullTo(Object value) {
    return then(new Navigator.NullTo(value));
  }

  /** What a built-in function makes of the value, such as {@code view("upper")}. */
  public Steps view(String function, Object... arguments) {
    return then(new Navigator.View(new Fn.Named(function, List.of(arguments))));
  }

  /** What a lambda makes of the value. */
  public Steps viewBy(UnaryOperator<@Nullable Object> function) {
    return then(new Navigator.View(new Fn.Lambda(function)));
  }

  /** The value, when it is equal to another. */
  public Steps equal(@Nullable Object value) {
    return compare(Comparison.EQUAL, value);
  }

  /** The value, when it is not equal to another. */
  public Steps notEqual(@Nullable Object value) {
    return compare(Comparison.NOT_EQUAL, value);
  }

  /** The value, when it is less than another. */
  public Steps lessThan(Object value) {
    return compare(Comparison.LESS, value);
  }

  /** The value, when it is not greater than another. */
  public Steps atMost(Object value) {
    return compare(Comparison.LESS_OR_EQUAL, value);
  }

  /** The value, when it is greater than another. */
  public Steps greaterThan(Object value) {
    return compare(Comparison.GREATER, value);
  }

  /** The value, when it is not less than another. */
  public Steps atLeast(Object value) {
    return compare(Comparison.GREATER_OR_EQUAL, value);
  }

  /** The value, when a test holds. */
  public Steps where(Predicate<@Nullable Object> test) {
    return then(new Navigator.Where(test));
  }

  /** The value, when a path from it leads somewhere. */
  public Steps selected(Path path) {
    return then(new Navigator.Selected(path, true));
  }

  /** The value, when a path from it leads nowhere. */
  public Steps notSelected(Path path) {
    return then(new Navigator.Selected(path, false));
  }

  /** What several paths lead to, one after the other. */
  public Steps multi(Path... paths) {
    return then(new Navigator.Multi(List.of(paths)));
  }

  /** Everything a path leads to, as one list. */
  public Steps subselect(Path path) {
    return then(new Navigator.Subselect(path));
  }

  /** The value itself. */
  public Steps stay() {
    return then(new Navigator.Stay());
  }

  private Steps compare(Comparison comparison, @Nullable Object value) {
    return then(new Navigator.Compare(comparison, value));
  }

  private static Navigator.Bound incl(Object value) {
    return new Navigator.Bound(value, true);
  }

  private static Navigator.Bound excl(Object value) {
    return new Navigator.Bound(value, false);
  }

  @Override
  public String toString() {
    return PathText.print(this);
  }
}
