package io.millrace.engine.internal.runtime;

/** Ids the runtime has given to a module's declarations; they never change. */
public interface HostedContext {
  /** Id of a depot of the module, or -1 while it is not registered (declared later than others). */
  int depotId(String depot);

  /** True when a family is registered; {@link HostedModule#attach} is called again when it is. */
  boolean knows(String family);

  /** Column family of a pstate (or of the native module's one family). */
  int family(String name);

  /** Space ordered by hash, for owner entries of a family, on every task. */
  int homeSpace(String name);

  /** Space ordered by key, for tree pages of a family, on every task. */
  int pageSpace(String name);

  /** Number of tasks. */
  int tasks();

  /** Seed for {@code KeyHash}. */
  long hashSeed();
}
