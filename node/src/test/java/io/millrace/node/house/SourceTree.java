package io.millrace.node.house;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The main sources of one module: its packages, which of them import which, and which classes of a
 * package name each other. By source and not by bytecode: a constant that the compiler copies is a
 * dependency for whoever reads.
 */
final class SourceTree {
  private static final Pattern IMPORT =
      Pattern.compile("(?m)^import (?:static )?(io\\.millrace\\.[a-z0-9_.]+)\\.[A-Z]");
  private static final Pattern NO_CODE =
      Pattern.compile("(?s)/\\*.*?\\*/|//[^\\n]*|\"(?:\\\\.|[^\"\\\\])*\"");
  private static final Pattern WORD = Pattern.compile("[A-Z][A-Za-z0-9]*");

  /** Text of each class, by package and simple name. */
  private final Map<String, Map<String, String>> packages = new TreeMap<>();

  private final Map<String, String> purposes = new TreeMap<>();

  SourceTree(Path module) throws IOException {
    var sources = module.resolve("src/main/java");
    try (var files = Files.walk(sources)) {
      for (var file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        var name = sources.relativize(file.getParent()).toString().replace('/', '.');
        var simple = file.getFileName().toString().replace(".java", "");
        var text = Files.readString(file);
        if (simple.equals("package-info")) {
          purposes.put(name, firstSentence(text));
        } else {
          packages.computeIfAbsent(name, unused -> new TreeMap<>()).put(simple, text);
        }
      }
    }
  }

  private static String firstSentence(String packageInfo) {
    var comment =
        packageInfo
            .substring(packageInfo.indexOf("/**") + 3, packageInfo.indexOf("*/"))
            .replaceAll("\\n \\*", "\n")
            .replaceAll("\\{@\\w+ (?:[\\w.]+\\.)?(\\w+)}", "$1")
            .replaceAll("\\s+", " ")
            .strip();
    var end = comment.indexOf(". ");
    return end < 0 ? comment : comment.substring(0, end + 1);
  }

  /** Packages and their number of classes. */
  Map<String, Integer> sizes() {
    var sizes = new TreeMap<String, Integer>();
    packages.forEach((name, classes) -> sizes.put(name, classes.size()));
    return sizes;
  }

  /** What a package says it is. */
  String purpose(String packageName) {
    return purposes.getOrDefault(packageName, "");
  }

  /** Packages of this module that a package imports from. */
  Set<String> uses(String packageName) {
    var uses = new TreeSet<String>();
    packages
        .getOrDefault(packageName, Map.of())
        .values()
        .forEach(text -> {
          var matcher = IMPORT.matcher(text);
          while (matcher.find()) {
            uses.add(matcher.group(1));
          }
        });
    uses.remove(packageName);
    uses.retainAll(packages.keySet());
    return uses;
  }

  /** The largest set of classes of a package of which each leads to every other. */
  Set<String> largestCircle(String packageName) {
    var names = packages.getOrDefault(packageName, Map.of());
    var edges = new HashMap<String, Set<String>>();
    names.forEach((name, text) -> edges.put(name, namedIn(text, name, names.keySet())));
    Set<String> largest = Set.of();
    for (var circle : circles(edges)) {
      largest = circle.size() > largest.size() ? circle : largest;
    }
    return largest;
  }

  private static Set<String> namedIn(String text, String self, Set<String> names) {
    var found = new HashSet<String>();
    var matcher = WORD.matcher(NO_CODE.matcher(text).replaceAll(" "));
    while (matcher.find()) {
      found.add(matcher.group());
    }
    found.retainAll(names);
    found.remove(self);
    return found;
  }

  /** Strongly connected components: each class with all that it reaches and that reach it. */
  private static List<Set<String>> circles(Map<String, Set<String>> edges) {
    var reach = new HashMap<String, Set<String>>();
    edges.keySet().forEach(name -> reach.put(name, reachable(name, edges)));
    var circles = new ArrayList<Set<String>>();
    for (var name : edges.keySet()) {
      var circle = new TreeSet<String>();
      for (var other : reach.get(name)) {
        if (reach.get(other).contains(name)) {
          circle.add(other);
        }
      }
      circles.add(circle);
    }
    return circles;
  }

  private static Set<String> reachable(String from, Map<String, Set<String>> edges) {
    var seen = new HashSet<String>();
    Deque<String> left = new ArrayDeque<>(edges.get(from));
    while (!left.isEmpty()) {
      var next = left.remove();
      if (seen.add(next)) {
        left.addAll(edges.get(next));
      }
    }
    return seen;
  }
}
