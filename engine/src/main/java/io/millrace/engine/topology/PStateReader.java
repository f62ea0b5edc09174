package io.millrace.engine.topology;

import io.millrace.engine.path.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A read of the present task's part of a pstate. */
public interface PStateReader {
  /** Goes to the value at a map key, or of a record's field. */
  PStateReader key(Object key);

  /** Goes along a whole path. */
  PStateReader path(Path path);

  /** The one value here, or null when it is absent; the type is that of the schema. */
  <T> @Nullable T get();

  /** The one value here, or another when it is absent. */
  <T> T orElse(T absent);

  /** True when the set here holds an element, or the map a key. */
  boolean contains(Object element);

  /** Every value the path reaches. */
  List<@Nullable Object> select();
}
