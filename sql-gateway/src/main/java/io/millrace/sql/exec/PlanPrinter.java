package io.millrace.sql.exec;

import io.millrace.sql.run.Profile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** EXPLAIN in plain words, one line per node. */
public final class PlanPrinter {
  private PlanPrinter() {}

  /** Lines of a plan; with counters when it has been run. */
  public static List<String> lines(PlanNode root, @Nullable Profile profile) {
    var lines = new ArrayList<String>();
    print(root, 0, profile, lines);
    lines.add("Fallback operators: " + root.fallbacks());
    return lines;
  }

  private static void print(
      PlanNode node, int depth, @Nullable Profile profile, List<String> lines) {
    var line = new StringBuilder();
    if (depth > 0) {
      line.append("  ".repeat(depth - 1)).append("-> ");
    }
    line.append(node.describe());
    if (profile != null) {
      var counters = profile.of(node);
      line.append(
          String.format(
              Locale.ROOT, "  (rows=%d, time=%.3f ms", counters.rows(), counters.nanos() / 1e6));
      line.append(counters.opened() > 1 ? ", runs=" + counters.opened() + ")" : ")");
    }
    lines.add(line.toString());
    for (var input : node.inputs()) {
      print(input, depth + 1, profile, lines);
    }
  }
}
