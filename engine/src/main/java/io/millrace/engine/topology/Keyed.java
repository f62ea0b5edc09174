package io.millrace.engine.topology;

import org.jspecify.annotations.Nullable;

/**
 * A key and the value an aggregation now has for it.
 *
 * @param key the key
 * @param value its present value
 */
public record Keyed<K, V>(K key, @Nullable V value) {
  /** The value where it is known to be there. */
  public V present() {
    return java.util.Objects.requireNonNull(value, "value");
  }
}
