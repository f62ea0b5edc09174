package io.millrace.engine.pstate;

/**
 * A list.
 *
 * @param element schema of the elements
 * @param isSubindexed whether each element is stored on its own
 */
public record ListSchema(Schema element, boolean isSubindexed) implements Schema {
  /** The same list with each element stored on its own; it may then be larger than memory. */
  public ListSchema subindexed() {
    return new ListSchema(element, true);
  }

  @Override
  public String toString() {
    return "list(" + element + ")";
  }
}
