package io.millrace.engine.internal.meta;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names of a data directory and what they stand for. A name is an alias: the first name a thing
 * had is how its entries are keyed for ever; the newest is how code and clients know it. Ids and
 * first names are never reused, so what was given up stays here as retired.
 */
public final class NameTable {
  private final Map<String, Named> byFirst = new LinkedHashMap<>();
  private final Map<String, Named> byCurrent = new LinkedHashMap<>();

  /** What has a name. */
  public enum Kind {
    /** A depot. */
    DEPOT("depot"),
    /** A column family with its two spaces: a pstate, or what a topology or module keeps. */
    FAMILY("family"),
    /** That a topology reads a depot, as {@code topology/depot}. */
    SOURCE("source");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** As it is written in records and entries. */
    public String text() {
      return text;
    }

    /** The kind of a text, or null. */
    public static @Nullable Kind of(String text) {
      for (var kind : values()) {
        if (kind.text.equals(text)) {
          return kind;
        }
      }
      return null;
    }
  }

  /**
   * A named thing.
   *
   * @param names all names it has had inside its module, oldest first
   * @param id number of the depot or family; 0 for a source
   * @param homeSpace space ordered by hash, of a family
   * @param pageSpace space ordered by key, of a family
   * @param retired whether it has been given up
   */
  public record Named(
      Kind kind,
      String module,
      List<String> names,
      int id,
      int homeSpace,
      int pageSpace,
      boolean retired) {
    /** The name its entries are keyed by. */
    public String firstName() {
      return names.getFirst();
    }

    /** The name it has now. */
    public String currentName() {
      return names.getLast();
    }

    /** {@code module/name}, by its present name. */
    public String qualifiedName() {
      return module + "/" + currentName();
    }

    /** The same under another name, maybe one it had before; the first one stays in front. */
    public Named renamed(String name) {
      var all = new ArrayList<>(names.subList(1, names.size()));
      all.remove(name);
      all.add(name);
      all.addFirst(firstName());
      return new Named(kind, module, List.copyOf(all), id, homeSpace, pageSpace, retired);
    }

    /** The same, given up. */
    public Named retire() {
      return new Named(kind, module, names, id, homeSpace, pageSpace, true);
    }

    /** Key of the entry that keeps it. */
    public String key() {
      return kind.text + ":" + module + "/" + firstName();
    }

    /** Value of that entry: id, spaces, then what became of it. */
    public String value() {
      var text = new StringBuilder().append(id);
      if (kind == Kind.FAMILY) {
        text.append(' ').append(homeSpace).append(' ').append(pageSpace);
      }
      if (names.size() > 1) {
        text.append(" names=").append(String.join(",", names));
      }
      return retired ? text.append(" retired").toString() : text.toString();
    }

    /** Reads an entry; null when it is of another kind. */
    static @Nullable Named parse(String key, String value) {
      var colon = key.indexOf(':');
      var kind = colon < 0 ? null : Kind.of(key.substring(0, colon));
      if (kind == null) {
        return null;
      }
      var slash = key.indexOf('/', colon);
      var names = List.of(key.substring(slash + 1));
      var parts = value.split(" ");
      var retired = false;
      for (var part : parts) {
        retired |= part.equals("retired");
        if (part.startsWith("names=")) {
          names = List.of(part.substring("names=".length()).split(","));
        }
      }
      var family = kind == Kind.FAMILY;
      return new Named(
          kind,
          key.substring(colon + 1, slash),
          names,
          Integer.parseInt(parts[0]),
          family ? Integer.parseInt(parts[1]) : 0,
          family ? Integer.parseInt(parts[2]) : 0,
          retired);
    }
  }

  /** Takes an entry of the directory; what is none of these is passed over. */
  public @Nullable Named load(String key, String value) {
    var named = Named.parse(key, value);
    if (named != null) {
      put(named);
    }
    return named;
  }

  /**
   * A new thing. When its name is the first name of another, which has been renamed or given up, it
   * gets a first name of its own that no code can declare: {@code name#2}.
   */
  public Named make(Kind kind, String module, String name, int id, int home, int page) {
    var first = name;
    for (var i = 2; byFirst.containsKey(key(kind, module, first)); i++) {
      first = name + "#" + i;
    }
    var names = first.equals(name) ? List.of(name) : List.of(first, name);
    return new Named(kind, module, names, id, home, page, false);
  }

  /** Adds a thing, or replaces what was known of it. */
  public void put(Named named) {
    byFirst.put(named.key(), named);
    byCurrent.clear();
    for (var one : byFirst.values()) {
      if (!one.retired) {
        byCurrent.put(key(one.kind, one.module, one.currentName()), one);
      }
    }
  }

  /** Forgets a thing whose number is none, so that its name can be taken again. */
  public void remove(Named named) {
    byFirst.remove(named.key());
    byCurrent.remove(key(named.kind, named.module, named.currentName()));
  }

  private static String key(Kind kind, String module, String name) {
    return kind.text + ":" + module + "/" + name;
  }

  /** A thing in use, by its present name. */
  public @Nullable Named find(Kind kind, String module, String name) {
    return byCurrent.get(key(kind, module, name));
  }

  /** A thing in use, by any name it has had. */
  public @Nullable Named findByAnyName(Kind kind, String module, String name) {
    var found = find(kind, module, name);
    if (found != null) {
      return found;
    }
    for (var one : byFirst.values()) {
      var ours = one.kind == kind && one.module.equals(module) && !one.retired;
      if (ours && one.names.contains(name)) {
        return one;
      }
    }
    return null;
  }

  /** A thing in use, by its first name. */
  public @Nullable Named findByFirstName(Kind kind, String module, String first) {
    var found = byFirst.get(key(kind, module, first));
    return found == null || found.retired ? null : found;
  }

  /** All there is and has been. */
  public Collection<Named> all() {
    return byFirst.values();
  }

  /** What is in use of one kind and module. */
  public List<Named> of(Kind kind, String module) {
    return byCurrent.values().stream()
        .filter(one -> one.kind == kind && one.module.equals(module))
        .toList();
  }

  /** Modules that have anything in use. */
  public Set<String> modules() {
    var modules = new LinkedHashSet<String>();
    byCurrent.values().forEach(one -> modules.add(one.module));
    return modules;
  }

  /** The thing of an id, in use or not. */
  public @Nullable Named ofId(Kind kind, int id) {
    for (var one : byFirst.values()) {
      if (one.kind == kind && one.id == id) {
        return one;
      }
    }
    return null;
  }
}
