package io.millrace.engine.topology;

import io.millrace.engine.depot.KeyName;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** What a topology does at one place; the values are untyped here, {@link Flow} types them. */
public sealed interface Step {
  /** Runs code and passes the value on. */
  record Each(BiConsumer<Object, At> code) implements Step {}

  /** Passes the value on where a condition holds. */
  record Filter(BiPredicate<Object, At> condition) implements Step {}

  /** Passes another value on. */
  record Map(BiFunction<Object, At, ? extends @Nullable Object> function) implements Step {}

  /** Passes each of several values on, in order. */
  record Explode(BiFunction<Object, At, ? extends Iterable<?>> function) implements Step {}

  /** Passes values of one class on. */
  record When(Class<?> type) implements Step {}

  /** Ends the piece; what follows runs on the task of a key. */
  record Hop(BiFunction<Object, At, ? extends @Nullable Object> key, @Nullable KeyName name)
      implements Step {}

  /** Ends the piece; what follows runs on one fixed task. */
  record HopTo(BiFunction<Object, At, Integer> task) implements Step {}

  /** Ends the piece; what follows runs on every task. */
  record HopAll() implements Step {}

  /** True when the step ends the piece. */
  default boolean isHop() {
    return this instanceof Hop || this instanceof HopTo || this instanceof HopAll;
  }
}
