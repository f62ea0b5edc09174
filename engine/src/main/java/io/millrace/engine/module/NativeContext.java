package io.millrace.engine.module;

/** Numbers given to a native module when it is attached. */
public interface NativeContext {
  /** Id of the module's depot. */
  int depotId();

  /** Column family of the module's spaces, for {@code Execution.createSpace}. */
  int family();

  /** A space (ordered by hash) made for the module's own metadata, on every task. */
  int homeSpace();

  /** Number of tasks. */
  int tasks();

  /** Seed for {@code KeyHash}, fixed in the FORMAT file of the data directory. */
  long hashSeed();
}
