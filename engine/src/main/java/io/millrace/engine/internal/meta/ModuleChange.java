package io.millrace.engine.internal.meta;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.internal.meta.Declaration.DepotForm;
import io.millrace.engine.internal.meta.Declaration.PStateForm;
import io.millrace.engine.internal.meta.Declaration.TypeForm;
import io.millrace.engine.module.Retired;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares two versions of a module (DESIGN I7). What goes through: a new depot, pstate, topology,
 * source, event type or enum constant; an event field that is new and nullable, or no longer
 * required; other retention; other code. What is renamed or retired is declared. Everything else is
 * a refusal, because bytes that exist would be lost, skipped or misread.
 */
public final class ModuleChange {
  private final String module;
  private final Former former;
  private final Set<Retired> retired;
  private final List<String> refusals = new ArrayList<>();

  private ModuleChange(String module, Former former, Set<Retired> retired) {
    this.module = module;
    this.former = former;
    this.retired = retired;
  }

  /** The names things had before, as the new version declares them. */
  @FunctionalInterface
  public interface Former {
    /** Former name of something, or null. */
    @Nullable String name(Retired.Kind kind, String name);
  }

  /**
   * What must not be opened.
   *
   * @param module name of the module
   * @param old what the directory holds
   * @param now what this version declares
   * @param former names that changed
   * @param retired what is given up, by its names in {@code old}
   * @return a sentence each, naming both forms and the line to write; empty when all is well
   */
  public static List<String> refusals(
      String module, Declaration old, Declaration now, Former former, Set<Retired> retired) {
    var change = new ModuleChange(module, former, retired);
    change.depots(old.depots(), now.depots());
    change.pstates(old.pstates(), now.pstates());
    change.topologies(old, now);
    return change.refusals;
  }

  private void refuse(String what) {
    refusals.add("module " + module + ": " + what);
  }

  private boolean isRetired(Retired.Kind kind, String name) {
    return retired.contains(new Retired(kind, name));
  }

  /** The old form of each new thing; what is left of the old ones must have been retired. */
  private <T> void match(Retired.Kind kind, Map<String, T> old, Set<String> now, Matched matched) {
    var left = new HashSet<>(old.keySet());
    for (var name : now) {
      var before = former.name(kind, name);
      if (before != null && old.containsKey(name) && old.containsKey(before)) {
        refuse(
            kind.text()
                + " "
                + name
                + " is declared as renamed from "
                + before
                + ", but the directory holds both; leave out renamed(\""
                + before
                + "\")");
      } else if (before != null && old.containsKey(before) && now.contains(before)) {
        refuse(
            kind.text()
                + " "
                + name
                + " is declared as renamed from "
                + before
                + ", but this version declares another "
                + before
                + "; declare that in a later version, without renamed(\""
                + before
                + "\")");
      }
      var oldName = old.containsKey(name) || before == null ? name : before;
      if (left.remove(oldName)) {
        matched.pair(oldName, name);
      }
    }
    for (var gone : old.keySet()) {
      if (left.contains(gone) && !isRetired(kind, gone)) {
        refuse(gone(kind, gone));
      }
    }
  }

  private interface Matched {
    void pair(String oldName, String name);
  }

  private static String gone(Retired.Kind kind, String name) {
    var method =
        switch (kind) {
          case DEPOT -> "retireDepot";
          case PSTATE -> "retirePstate";
          case TOPOLOGY -> "retireTopology";
          case SOURCE -> "retireSource";
        };
    var renamed = kind == Retired.Kind.PSTATE ? "def.renamed(pstate, \"" : ".renamed(\"";
    return kind.text()
        + " "
        + name
        + " is in the directory, but not in this version. Declare it"
        + " again; or, if it has another name now, add "
        + renamed
        + name
        + "\") to it; or give it"
        + " up with def."
        + method
        + "(\""
        + name
        + "\")";
  }

  private void depots(Map<String, DepotForm> old, Map<String, DepotForm> now) {
    match(
        Retired.Kind.DEPOT,
        old,
        now.keySet(),
        (oldName, name) -> {
          var before = java.util.Objects.requireNonNull(old.get(oldName));
          var after = java.util.Objects.requireNonNull(now.get(name));
          depot(name, before, after);
        });
  }

  private void depot(String name, DepotForm old, DepotForm now) {
    var sameKey =
        old.key().equals(now.key())
            || old.key().equals(Declaration.FUNCTION) && now.key().startsWith("key:");
    if (!sameKey) {
      refuse(
          "depot "
              + name
              + " is partitioned by "
              + key(old)
              + " in the directory and by "
              + key(now)
              + " in this version; events of one key would be in two partitions. Keep the old"
              + " partitioning, or declare another depot");
    }
    if (!old.format().equals(now.format())) {
      refuse(
          "depot "
              + name
              + " has the format "
              + old.format()
              + " in the directory and "
              + now.format()
              + " in this version. Keep the old format, or declare another depot");
    }
    for (var type : old.types().entrySet()) {
      var after = now.types().get(type.getKey());
      if (after == null) {
        refuse(
            "event type "
                + type.getKey()
                + " of depot "
                + name
                + " is in the directory, but not in"
                + " this version. Declare its record again; if the record has another name now,"
                + " annotate it with @Event(name = \""
                + type.getKey()
                + "\")");
      } else {
        type(name, type.getKey(), type.getValue(), after, now.format().equals("binary"));
      }
    }
  }

  private static String key(DepotForm depot) {
    return switch (depot.key()) {
      case Declaration.GLOBAL -> "nothing (global)";
      case Declaration.NONE -> "nothing";
      case Declaration.FUNCTION -> "a function without a name";
      default -> depot.key().substring("key:".length());
    };
  }

  private void type(String depot, String name, TypeForm old, TypeForm now, boolean binary) {
    var what = "event type " + name + " of depot " + depot;
    if (old.version() != now.version()) {
      refuse(
          what
              + " has version "
              + old.version()
              + " in the directory and version "
              + now.version()
              + " in this version of the module; its events could not be read. Keep version "
              + old.version()
              + ", or declare the new form as a type of its own name");
      return;
    }
    var difference = ShapeChange.difference(old.shape(), now.shape(), binary);
    if (difference != null) {
      refuse(
          what
              + ": "
              + difference
              + " In the directory: "
              + old.shape()
              + ", in this version: "
              + now.shape()
              + ". Take the change back, or declare the new form as a type of its own"
              + " name");
    }
  }

  private void pstates(Map<String, PStateForm> old, Map<String, PStateForm> now) {
    match(
        Retired.Kind.PSTATE,
        old,
        now.keySet(),
        (oldName, name) -> {
          var before = java.util.Objects.requireNonNull(old.get(oldName));
          var after = java.util.Objects.requireNonNull(now.get(name));
          if (!form(before).equals(form(after))) {
            refuse(
                "pstate "
                    + name
                    + " is "
                    + form(before)
                    + " in the directory and "
                    + form(after)
                    + " in this version; what it holds would be misread. Take the change back, or"
                    + " declare a pstate of another name for the new form and give the old one up with"
                    + " def.retirePstate(\""
                    + oldName
                    + "\")");
          }
        });
  }

  private static String form(PStateForm pstate) {
    JsonNode schema = pstate.schema();
    return (pstate.global() ? "global " : "keyed ") + schema;
  }

  private void topologies(Declaration old, Declaration now) {
    match(
        Retired.Kind.TOPOLOGY,
        old.topologies(),
        now.topologies().keySet(),
        (oldName, name) -> {
          var before = java.util.Objects.requireNonNull(old.topologies().get(oldName));
          var after = java.util.Objects.requireNonNull(now.topologies().get(name));
          for (var depot : before) {
            if (!readsStill(depot, after)
                && !isRetired(Retired.Kind.DEPOT, depot)
                && !isRetired(Retired.Kind.SOURCE, oldName + "/" + depot)) {
              refuse(
                  "topology "
                      + name
                      + " reads depot "
                      + depot
                      + " in the directory, but not in this"
                      + " version; what comes until it reads it again would be skipped. Read it, or give"
                      + " it up with def.retireSource(\""
                      + oldName
                      + "\", \""
                      + depot
                      + "\")");
            }
          }
        });
  }

  private boolean readsStill(String depot, List<String> sources) {
    for (var source : sources) {
      if (source.equals(depot) || depot.equals(former.name(Retired.Kind.DEPOT, source))) {
        return true;
      }
    }
    return false;
  }
}
