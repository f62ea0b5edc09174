package io.millrace.engine.internal.runtime;

import io.millrace.engine.internal.meta.NameTable;
import org.jspecify.annotations.Nullable;

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

  /** True when the directory knows that a topology reads a depot. */
  boolean knowsSource(String topology, String depot);

  /** True when the directory keeps which topology reads which depot; older ones did not. */
  boolean knowsSources();

  /**
   * Offsets from which a topology folds a depot, by partition: where they ended when it was
   * deployed. Empty when it has folded it from the beginning.
   */
  long[] began(String topology, String depot);

  /** The first name something had, by which entries are keyed, whatever its name is now. */
  String firstName(NameTable.Kind kind, String name);

  /** The name something has in this version, by any name it has had. */
  String presentName(NameTable.Kind kind, String anyName);

  /** The name something has in this version, by its first; null when it has been given up. */
  @Nullable String presentNameOf(NameTable.Kind kind, String firstName);

  /** Number of tasks. */
  int tasks();

  /** Seed for {@code KeyHash}. */
  long hashSeed();
}
