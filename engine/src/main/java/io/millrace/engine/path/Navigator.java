package io.millrace.engine.path;

import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One step of a path. Each takes a value and leads to none, one or many values below it; null is
 * taken as an empty collection of whatever kind the step expects. What a step does in a write is
 * said where it differs from what reading suggests.
 */
public sealed interface Navigator {

  /** The value at a map key or record field; null, and one value, when absent. */
  record Key(Object key) implements Navigator {}

  /** The value at a map key or record field; nothing when absent. */
  record Must(Object key) implements Navigator {}

  /** The element of a list at an index; reading outside leads to nothing, writing is an error. */
  record Nth(int index) implements Navigator {
    /** Checks the index. */
    public Nth {
      if (index < 0) {
        throw new PathException("index must not be negative, got index=" + index);
      }
    }
  }

  /** The first element of a list or set, or {@code [key, value]} of a map; nothing when empty. */
  record First() implements Navigator {}

  /** The last element of a list or set, or {@code [key, value]} of a map; nothing when empty. */
  record Last() implements Navigator {}

  /** Every element of a list or set; every {@code [key, value]} of a map (reads only). */
  record All() implements Navigator {}

  /** Every value of a map, in key order. */
  record MapVals() implements Navigator {}

  /** Every key of a map, in order. A write can only remove the entries. */
  record MapKeys() implements Navigator {}

  /** A map key itself, when it is there. A write can only remove the entry. */
  record MapKey(Object key) implements Navigator {}

  /** An element of a set, when it is there. */
  record SetElem(Object element) implements Navigator {}

  /** Whether a set holds an element, a map a key, or a list a value: one boolean. Reads only. */
  record Contains(@Nullable Object element) implements Navigator {}

  /** How many elements there are: one long. Reads only. */
  record Count() implements Navigator {}

  /**
   * The part of a map or set whose keys lie between two bounds, as one map or set. A write must go
   * on with {@link MapVals} or {@link All}, or remove the part.
   *
   * @param from lower bound, or null for none
   * @param to upper bound, or null for none
   * @param limit most elements, or 0 for all
   * @param fromEnd true when the limit keeps the last elements, not the first
   */
  record SortedRange(@Nullable Bound from, @Nullable Bound to, int limit, boolean fromEnd)
      implements Navigator {
    /** Checks the limit. */
    public SortedRange {
      if (limit < 0) {
        throw new PathException("limit must not be negative, got limit=" + limit);
      }
    }
  }

  /**
   * An end of a range.
   *
   * @param value key or element
   * @param inclusive whether the range includes it
   */
  record Bound(Object value, boolean inclusive) {}

  /** The place behind the last element of a list. Writes only. */
  record AfterLast() implements Navigator {}

  /** The place before the first element of a list. Writes only. */
  record BeforeFirst() implements Navigator {}

  /** Another value in place of null. */
  record NullTo(Object value) implements Navigator {}

  /** What a function makes of the value. Reads only. */
  record View(Fn function) implements Navigator {}

  /** The value, when it compares so with another. */
  record Compare(Comparison comparison, @Nullable Object value) implements Navigator {}

  /** The value, when a test holds. In process only. */
  record Where(Predicate<@Nullable Object> test) implements Navigator {}

  /** The value, when a path from it leads somewhere, or when it leads nowhere. */
  record Selected(Path path, boolean wanted) implements Navigator {}

  /** What several paths lead to, one after the other; a write goes through them in order. */
  record Multi(List<Path> paths) implements Navigator {
    /** Copies the paths. */
    public Multi {
      paths = List.copyOf(paths);
    }
  }

  /** Everything a path leads to, as one list. Reads only. */
  record Subselect(Path path) implements Navigator {}

  /** The value itself. */
  record Stay() implements Navigator {}

  /** Comparisons. Null is equal to null only, and neither less nor greater than anything. */
  enum Comparison {
    /** Equal. */
    EQUAL("="),
    /** Not equal. */
    NOT_EQUAL("!="),
    /** Less than. */
    LESS("<"),
    /** Less than or equal. */
    LESS_OR_EQUAL("<="),
    /** Greater than. */
    GREATER(">"),
    /** Greater than or equal. */
    GREATER_OR_EQUAL(">=");

    private final String sign;

    Comparison(String sign) {
      this.sign = sign;
    }

    /** The sign in path text. */
    public String sign() {
      return sign;
    }

    /** True when an order (negative, zero, positive) satisfies this. */
    public boolean holds(int order) {
      return switch (this) {
        case EQUAL -> order == 0;
        case NOT_EQUAL -> order != 0;
        case LESS -> order < 0;
        case LESS_OR_EQUAL -> order <= 0;
        case GREATER -> order > 0;
        case GREATER_OR_EQUAL -> order >= 0;
      };
    }
  }
}
