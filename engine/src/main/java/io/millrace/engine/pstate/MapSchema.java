package io.millrace.engine.pstate;

/**
 * A map, ordered by key.
 *
 * @param key schema of the keys
 * @param value schema of the values
 * @param isSubindexed whether each entry is stored on its own
 */
public record MapSchema(Schema key, Schema value, boolean isSubindexed) implements Schema {
  /** Checks the key schema, and that parts stored on their own hang on parents stored so too. */
  public MapSchema {
    SchemaRules.key(key, "map key");
  }

  /** The same map with each entry stored on its own; it may then be larger than memory. */
  public MapSchema subindexed() {
    return new MapSchema(key, value, true);
  }

  @Override
  public String toString() {
    return "map(" + key + ", " + value + ")";
  }
}
