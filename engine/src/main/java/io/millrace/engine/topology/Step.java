package io.millrace.engine.topology;

import io.millrace.engine.event.KeyName;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** What a topology does at one place; the values are untyped here, {@link Flow} types them. */
public sealed interface Step {
  /** Runs code and passes the value on. */
  record Each(BiConsumer<Object, TaskContext> code) implements Step {}

  /** Passes the value on where a condition holds. */
  record Filter(BiPredicate<Object, TaskContext> condition) implements Step {}

  /** Passes another value on. */
  record Map(BiFunction<Object, TaskContext, ? extends @Nullable Object> function)
      implements Step {}

  /** Passes each of several values on, in order. */
  record Explode(BiFunction<Object, TaskContext, ? extends Iterable<?>> function) implements Step {}

  /** Passes values of one class on. */
  record When(Class<?> type) implements Step {}

  /** Ends the stage; what follows runs on the task of a key. */
  record Hop(
      BiFunction<Object, TaskContext, ? extends @Nullable Object> key, @Nullable KeyName name)
      implements Step {}

  /** Ends the stage; what follows runs on one fixed task. */
  record HopTo(BiFunction<Object, TaskContext, Integer> task) implements Step {}

  /** Ends the stage; what follows runs on every task. */
  record HopAll() implements Step {}

  /** True when the step ends the stage. */
  default boolean isHop() {
    return this instanceof Hop || this instanceof HopTo || this instanceof HopAll;
  }
}
