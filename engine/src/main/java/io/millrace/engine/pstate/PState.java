package io.millrace.engine.pstate;

/**
 * A declared pstate; afterwards its handle.
 *
 * @param module module that declares it
 * @param name name inside the module
 * @param schema what it holds
 * @param isGlobal true when all of it lives on task 0, false when it is spread by its first key
 */
public record PState(String module, String name, Schema schema, boolean isGlobal) {
  /** {@code module/pstate}. */
  public String qualifiedName() {
    return module + "/" + name;
  }

  @Override
  public String toString() {
    return "pstate " + qualifiedName();
  }
}
