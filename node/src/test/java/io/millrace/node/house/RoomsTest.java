package io.millrace.node.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The rooms of each module: {@code docs/rooms.md} lists every package with what it is for and which
 * others it may use. A new edge is a decision: it is written down there, or the build is red.
 */
class RoomsTest {
  private static final Path ROOT =
      Path.of(System.getProperty("millrace.root", "..")).toAbsolutePath().normalize();

  private static final List<String> MODULES =
      List.of("engine", "resp-server", "sql-gateway", "http-gateway", "node");

  private static final int MOST_CLASSES = 30;
  private static final int LARGEST_CIRCLE = 6;

  /** Circles of classes that are still larger; they may only shrink. */
  private static final Map<String, Integer> CIRCLES =
      Map.of(
          "io.millrace.engine.internal.runtime", 11,
          "io.millrace.engine.pstate", 9,
          "io.millrace.node", 7,
          "io.millrace.resp.command", 7,
          "io.millrace.resp.keyspace", 11,
          "io.millrace.sql.rel", 7);

  private static final String HEAD =
      """
      # Rooms

      Every package of the product, what it is for, and which packages of its own module it may use.
      `RoomsTest` holds this list against the imports in the sources; the edges between modules stand
      in `LayeringTest`.
      """;

  @Test
  void everyPackageUsesWhatTheListSaysAndNothingElse() throws IOException {
    var text = new StringBuilder(HEAD);
    for (var module : MODULES) {
      var tree = new SourceTree(ROOT.resolve(module));
      var names = tree.sizes().keySet();
      var root = names.stream().min((a, b) -> a.length() - b.length()).orElseThrow();
      text.append("\n## ").append(module).append(" (`").append(root).append("`)\n\n");
      text.append("| package | what it is for | may use |\n|---|---|---|\n");
      for (var name : names) {
        var uses =
            tree.uses(name).stream()
                .map(use -> within(root, use))
                .collect(Collectors.joining(", "));
        text.append(
            "| %s | %s | %s |\n"
                .formatted(within(root, name), tree.purpose(name).replace("|", "\\|"), uses));
      }
    }
    var written = Files.writeString(Path.of("target/rooms.md"), text);
    assertThat(Files.readString(ROOT.resolve("docs/rooms.md")))
        .as(
            "docs/rooms.md says something else than the imports; when the new edges are wanted,"
                + " copy node/"
                + written
                + " over it")
        .isEqualTo(text.toString());
  }

  private static String within(String root, String name) {
    return name.equals(root) ? "(top)" : name.substring(root.length() + 1);
  }

  @Test
  void noPackageIsCrowded() throws IOException {
    var found = new TreeMap<String, Integer>();
    for (var module : MODULES) {
      new SourceTree(ROOT.resolve(module))
          .sizes()
          .forEach((name, size) -> {
            if (size > MOST_CLASSES) {
              found.put(name, size);
            }
          });
    }
    assertThat(found).isEmpty();
  }

  @Test
  void noCircleOfClassesIsLarge() throws IOException {
    var found = new TreeMap<String, Integer>();
    for (var module : MODULES) {
      var tree = new SourceTree(ROOT.resolve(module));
      for (var name : tree.sizes().keySet()) {
        var circle = tree.largestCircle(name);
        if (circle.size() > LARGEST_CIRCLE) {
          found.put(name, circle.size());
        }
      }
    }
    assertThat(found).isEqualTo(CIRCLES);
  }
}
