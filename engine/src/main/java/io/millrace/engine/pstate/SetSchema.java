package io.millrace.engine.pstate;

/**
 * A set, ordered by element.
 *
 * @param element schema of the elements
 * @param isSubindexed whether each element is stored on its own
 */
public record SetSchema(Schema element, boolean isSubindexed) implements Schema {
  /** Checks that the element schema can be ordered. */
  public SetSchema {
    SchemaRules.key(element, "set element");
  }

  /** The same set with each element stored on its own; it may then be larger than memory. */
  public SetSchema subindexed() {
    return new SetSchema(element, true);
  }

  @Override
  public String toString() {
    return "set(" + element + ")";
  }
}
