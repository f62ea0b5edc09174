package io.millrace.engine.internal.topology;

import io.millrace.engine.internal.meta.Declaration;
import io.millrace.engine.internal.meta.ModuleChange;
import io.millrace.engine.internal.meta.NameTable.Kind;
import io.millrace.engine.internal.stage.Aliases;
import io.millrace.engine.module.Definition;
import io.millrace.engine.module.Retired;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a definition says about other versions of its module: names, former names, refusals. */
final class ModuleVersions {
  /** Family of what the topologies keep besides pstates. */
  static final String SYSTEM = "sys";

  private ModuleVersions() {}

  /** Names a module needs, of one kind. */
  static List<String> names(Definition definition, Kind kind) {
    var names = new ArrayList<String>();
    switch (kind) {
      case DEPOT -> definition.depots().forEach(depot -> names.add(depot.name()));
      case FAMILY -> {
        names.add(SYSTEM);
        definition.pstates().forEach(pstate -> names.add(pstate.name()));
        definition.streams().forEach(stream -> names.add(Aliases.family(stream.name())));
      }
      case SOURCE -> {
        for (var stream : definition.streams()) {
          stream
              .sources()
              .forEach(source -> names.add(stream.name() + "/" + source.depot().name()));
        }
      }
    }
    return names;
  }

  /**
   * Names something may have had in an earlier version. Of a source, topology and depot may have
   * been renamed at different times, while both still say so.
   */
  static List<String> formerNames(Definition definition, Kind kind, String name) {
    return switch (kind) {
      case DEPOT -> listOf(formerDepot(definition, name));
      case FAMILY -> {
        var prefix = Aliases.family("");
        if (!name.startsWith(prefix)) {
          yield listOf(formerPstate(definition, name));
        }
        var former = formerStream(definition, name.substring(prefix.length()));
        yield listOf(former == null ? null : prefix + former);
      }
      case SOURCE -> {
        var slash = name.indexOf('/');
        var stream = name.substring(0, slash);
        var depot = name.substring(slash + 1);
        var formerStream = formerStream(definition, stream);
        var formerDepot = formerDepot(definition, depot);
        var names = new LinkedHashSet<String>();
        for (var oneStream : listOf(formerStream, stream)) {
          for (var oneDepot : listOf(formerDepot, depot)) {
            names.add(oneStream + "/" + oneDepot);
          }
        }
        names.remove(name);
        yield List.copyOf(names);
      }
    };
  }

  private static List<String> listOf(@Nullable String... names) {
    return Stream.of(names).filter(Objects::nonNull).toList();
  }

  private static @Nullable String formerPstate(Definition definition, String name) {
    for (var pstate : definition.pstates()) {
      if (pstate.name().equals(name)) {
        return definition.formerName(pstate);
      }
    }
    return null;
  }

  private static @Nullable String formerDepot(Definition definition, String name) {
    for (var depot : definition.depots()) {
      if (depot.name().equals(name)) {
        return depot.formerName();
      }
    }
    return null;
  }

  private static @Nullable String formerStream(Definition definition, String name) {
    for (var stream : definition.streams()) {
      if (stream.name().equals(name)) {
        return stream.formerName();
      }
    }
    return null;
  }

  /** The name something has in this version, by the one the directory knows. */
  static String presentName(Definition definition, Kind kind, String known) {
    var names = names(definition, kind);
    if (names.contains(known)) {
      return known;
    }
    for (var name : names) {
      if (formerNames(definition, kind, name).contains(known)) {
        return name;
      }
    }
    return known;
  }

  static boolean isGivenUp(Definition definition, Retired.Kind kind, String name) {
    var declared =
        switch (kind) {
          case DEPOT -> names(definition, Kind.DEPOT);
          case PSTATE -> names(definition, Kind.FAMILY);
          case SOURCE -> names(definition, Kind.SOURCE);
          case TOPOLOGY -> definition.streams().stream().map(stream -> stream.name()).toList();
        };
    return !declared.contains(name);
  }

  static List<String> refusals(Definition definition, String declared) {
    return ModuleChange.refusals(
        definition.module(),
        Declaration.parse(declared),
        Declaration.of(definition),
        (kind, name) ->
            switch (kind) {
              case DEPOT -> formerDepot(definition, name);
              case PSTATE -> formerPstate(definition, name);
              case TOPOLOGY -> formerStream(definition, name);
              case SOURCE -> null;
            },
        definition.retired());
  }
}
