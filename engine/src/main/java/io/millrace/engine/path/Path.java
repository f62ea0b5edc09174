package io.millrace.engine.path;

import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A way into a pstate: navigators, one after the other. Written fluently from the static methods
 * here, {@code Path.key("alice").key("name")}, or read from text, {@code ["alice", "name"]}.
 * Immutable.
 */
public sealed interface Path permits Steps {
  /** The navigators in order. */
  List<Navigator> steps();

  /** The path in its text form. */
  default String text() {
    return PathText.print(this);
  }

  /**
   * Reads the text form. Values keep the types of JSON until a schema is at hand.
   *
   * @throws PathException with the position when the text is not a path
   */
  static Path parse(String text) {
    return PathText.parse(text).path();
  }

  /** The path that stays where it is. */
  static Steps here() {
    return Steps.NONE;
  }

  /** The path of given navigators. */
  static Steps of(Navigator... steps) {
    return new Steps(List.of(steps));
  }

  /** The value at a map key or record field, one after the other; absent is null. */
  static Steps key(Object... keys) {
    return Steps.NONE.key(keys);
  }

  /** The same, but nothing when one is absent. */
  static Steps must(Object... keys) {
    return Steps.NONE.must(keys);
  }

  /** The element of a list at an index. */
  static Steps nth(int index) {
    return Steps.NONE.nth(index);
  }

  /** The first element; nothing when empty. */
  static Steps first() {
    return Steps.NONE.first();
  }

  /** The last element; nothing when empty. */
  static Steps last() {
    return Steps.NONE.last();
  }

  /** Every element; of a map every {@code [key, value]}. */
  static Steps all() {
    return Steps.NONE.all();
  }

  /** Every value of a map. */
  static Steps mapVals() {
    return Steps.NONE.mapVals();
  }

  /** Every key of a map. */
  static Steps mapKeys() {
    return Steps.NONE.mapKeys();
  }

  /** A map key itself, when it is there. */
  static Steps mapKey(Object key) {
    return Steps.NONE.mapKey(key);
  }

  /** An element of a set, when it is there. */
  static Steps setElem(Object element) {
    return Steps.NONE.setElem(element);
  }

  /** Whether a set holds an element, a map a key, or a list a value. */
  static Steps contains(@Nullable Object element) {
    return Steps.NONE.contains(element);
  }

  /** How many elements there are. */
  static Steps count() {
    return Steps.NONE.count();
  }

  /** The keys from one (inclusive) to another (exclusive). */
  static Steps range(Object from, Object to) {
    return Steps.NONE.range(from, to);
  }

  /** The keys between two bounds. */
  static Steps range(Object from, boolean fromInclusive, Object to, boolean toInclusive) {
    return Steps.NONE.range(from, fromInclusive, to, toInclusive);
  }

  /** The first keys from one (inclusive) on. */
  static Steps rangeFrom(Object from, int limit) {
    return Steps.NONE.rangeFrom(from, limit);
  }

  /** The first keys behind one (exclusive): the next page. */
  static Steps rangeAfter(Object from, int limit) {
    return Steps.NONE.rangeAfter(from, limit);
  }

  /** The last keys before one (exclusive). */
  static Steps rangeTo(Object to, int limit) {
    return Steps.NONE.rangeTo(to, limit);
  }

  /** The first keys. */
  static Steps rangeFromStart(int limit) {
    return Steps.NONE.rangeFromStart(limit);
  }

  /** The last keys. */
  static Steps rangeToEnd(int limit) {
    return Steps.NONE.rangeToEnd(limit);
  }

  /** The place behind the last element of a list. */
  static Steps afterLast() {
    return Steps.NONE.afterLast();
  }

  /** The place before the first element of a list. */
  static Steps beforeFirst() {
    return Steps.NONE.beforeFirst();
  }

  /** Another value in place of null. */
  static Steps nullTo(Object value) {
    return Steps.NONE.nullTo(value);
  }

  /** What a built-in function makes of the value, such as {@code view("upper")}. */
  static Steps view(String function, Object... arguments) {
    return Steps.NONE.view(function, arguments);
  }

  /** What a lambda makes of the value. */
  static Steps viewBy(UnaryOperator<@Nullable Object> function) {
    return Steps.NONE.viewBy(function);
  }

  /** The value, when it is equal to another. */
  static Steps equal(@Nullable Object value) {
    return Steps.NONE.equal(value);
  }

  /** The value, when it is not equal to another. */
  static Steps notEqual(@Nullable Object value) {
    return Steps.NONE.notEqual(value);
  }

  /** The value, when it is less than another. */
  static Steps lessThan(Object value) {
    return Steps.NONE.lessThan(value);
  }

  /** The value, when it is not greater than another. */
  static Steps atMost(Object value) {
    return Steps.NONE.atMost(value);
  }

  /** The value, when it is greater than another. */
  static Steps greaterThan(Object value) {
    return Steps.NONE.greaterThan(value);
  }

  /** The value, when it is not less than another. */
  static Steps atLeast(Object value) {
    return Steps.NONE.atLeast(value);
  }

  /** The value, when a test holds. */
  static Steps where(Predicate<@Nullable Object> test) {
    return Steps.NONE.where(test);
  }

  /** The value, when a path from it leads somewhere. */
  static Steps selected(Path path) {
    return Steps.NONE.selected(path);
  }

  /** The value, when a path from it leads nowhere. */
  static Steps notSelected(Path path) {
    return Steps.NONE.notSelected(path);
  }

  /** What several paths lead to, one after the other. */
  static Steps multi(Path... paths) {
    return Steps.NONE.multi(paths);
  }

  /** Everything a path leads to, as one list. */
  static Steps subselect(Path path) {
    return Steps.NONE.subselect(path);
  }

  /** The value itself. */
  static Steps stay() {
    return Steps.NONE.stay();
  }
}
