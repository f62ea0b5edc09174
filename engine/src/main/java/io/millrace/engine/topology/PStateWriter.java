package io.millrace.engine.topology;

import io.millrace.engine.path.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A write into the present task's part of a pstate: navigate, then end in one terminal. */
public interface PStateWriter {
  /** Goes to the value at a map key, or of a record's field. */
  PStateWriter key(Object key);

  /** Goes along a whole path. */
  PStateWriter path(Path path);

  /** Sets the value here. */
  void set(@Nullable Object value);

  /** Replaces the value here by what a function makes of it; absent is null. */
  void update(UnaryOperator<@Nullable Object> function);

  /** Adds to the whole number here; absent counts as 0. Returns the new value. */
  long increment(long by);

  /** Removes the value here from what holds it. */
  void remove();

  /** Adds an element to the set, or to the end of the list, here. */
  void add(Object element);

  /** Removes an element of the set here. */
  void discard(Object element);
}
