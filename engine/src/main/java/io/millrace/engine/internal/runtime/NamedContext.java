package io.millrace.engine.internal.runtime;

import io.millrace.engine.internal.meta.NameTable.Kind;
import io.millrace.engine.internal.meta.NameTable.Named;
import org.jspecify.annotations.Nullable;

/** Ids of one module's declarations, found by their present names or those they had before. */
final class NamedContext implements HostedContext {
  private final ModuleRegistry registry;
  private final HostedModule module;

  NamedContext(ModuleRegistry registry, HostedModule module) {
    this.registry = registry;
    this.module = module;
  }

  /** Looks under the name of this version, then under the one it is renamed from. */
  private @Nullable Named find(Kind kind, String name) {
    Named named = registry.names().find(kind, module.name(), name);
    return named == null ? registry.former(module, kind, name) : named;
  }

  private Named family(Kind kind, String name) {
    Named named = find(kind, name);
    if (named == null) {
      throw new IllegalStateException("Not registered yet: " + module.name() + "/" + name);
    }
    return named;
  }

  @Override
  public int depotId(String depot) {
    Named named = find(Kind.DEPOT, depot);
    return named == null ? -1 : named.id();
  }

  @Override
  public boolean knows(String family) {
    return find(Kind.FAMILY, family) != null;
  }

  @Override
  public int family(String name) {
    return family(Kind.FAMILY, name).id();
  }

  @Override
  public int homeSpace(String name) {
    return family(Kind.FAMILY, name).homeSpace();
  }

  @Override
  public int pageSpace(String name) {
    return family(Kind.FAMILY, name).pageSpace();
  }

  @Override
  public boolean knowsSource(String topology, String depot) {
    return find(Kind.SOURCE, topology + "/" + depot) != null;
  }

  @Override
  public boolean knowsSources() {
    return registry.declaration(module.name()) != null;
  }

  @Override
  public long[] began(String topology, String depot) {
    Named named = find(Kind.SOURCE, topology + "/" + depot);
    return named == null ? new long[0] : registry.began(named);
  }

  @Override
  public String firstName(Kind kind, String name) {
    Named named = find(kind, name);
    return named == null ? name : named.firstName();
  }

  @Override
  public String presentName(Kind kind, String anyName) {
    Named named = registry.names().findByAnyName(kind, module.name(), anyName);
    return named == null ? anyName : module.presentName(kind, named.currentName());
  }

  @Override
  public @Nullable String presentNameOf(Kind kind, String firstName) {
    Named named = registry.names().findByFirstName(kind, module.name(), firstName);
    return named == null ? null : module.presentName(kind, named.currentName());
  }

  @Override
  public int tasks() {
    return registry.tasks();
  }

  @Override
  public long hashSeed() {
    return registry.hashSeed();
  }
}
