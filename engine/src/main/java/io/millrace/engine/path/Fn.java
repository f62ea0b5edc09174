package io.millrace.engine.path;

import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A function of one value: built in, with a name that travels over the wire, or a lambda. */
public sealed interface Fn {

  /** A built-in function; see {@link Functions} for what there is. */
  record Named(String name, List<Object> arguments) implements Fn {
    /** Checks that the function exists and has so many arguments. */
    public Named {
      arguments = List.copyOf(arguments);
      Functions.check(name, arguments.size());
    }

    @Override
    public @Nullable Object apply(@Nullable Object value) {
      return Functions.apply(name, value, arguments);
    }
  }

  /** Java code; in process only. */
  record Lambda(UnaryOperator<@Nullable Object> body) implements Fn {
    @Override
    public @Nullable Object apply(@Nullable Object value) {
      return body.apply(value);
    }
  }

  /** What it makes of a value. */
  @Nullable Object apply(@Nullable Object value);
}
