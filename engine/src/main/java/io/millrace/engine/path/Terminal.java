package io.millrace.engine.path;

import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a write does with each value its path leads to. */
public sealed interface Terminal {

  /** Puts a value in its place. */
  record Put(@Nullable Object value) implements Terminal {}

  /** Puts what a function makes of the value in its place; an absent value is null. */
  record Update(Fn function) implements Terminal {}

  /** Removes it from what holds it; a record field becomes null. Not the same as writing null. */
  record Remove() implements Terminal {}

  /** Adds an element to the set. */
  record Add(Object element) implements Terminal {}

  /** Adds an element behind the last one of the list. */
  record Append(@Nullable Object element) implements Terminal {}

  /** Adds an element before the first one of the list. */
  record Prepend(@Nullable Object element) implements Terminal {}

  /** {@link Put}. */
  static Terminal set(@Nullable Object value) {
    return new Put(value);
  }

  /** {@link Update} by a lambda; in process only. */
  static Terminal update(UnaryOperator<@Nullable Object> function) {
    return new Update(new Fn.Lambda(function));
  }

  /** {@link Update} by a built-in function, such as {@code update("plus", 5)}. */
  static Terminal update(String function, Object... arguments) {
    return new Update(new Fn.Named(function, List.of(arguments)));
  }

  /** {@link Remove}. */
  static Terminal remove() {
    return new Remove();
  }

  /** {@link Add}. */
  static Terminal add(Object element) {
    return new Add(element);
  }

  /** {@link Append}. */
  static Terminal append(@Nullable Object element) {
    return new Append(element);
  }

  /** {@link Prepend}. */
  static Terminal prepend(@Nullable Object element) {
    return new Prepend(element);
  }
}
