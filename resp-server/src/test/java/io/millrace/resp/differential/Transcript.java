package io.millrace.resp.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What the sequences of a crowd sent, in the order of both servers. */
final class Transcript {
  private static final Set<String> FOR_ALL = Set.of("FLUSHALL", "FLUSHDB", "SWAPDB", "SELECT");
  private static final int SHOWN = 250;

  private record Line(String tag, boolean forAll, String text) {}

  private final List<Line> lines = new ArrayList<>();

  void add(String tag, int connection, List<String> command) {
    String name = command.get(0).toUpperCase(Locale.ROOT);
    lines.add(new Line(tag, FOR_ALL.contains(name), connection + "> " + printable(command)));
  }

  void note(String tag, String text) {
    lines.add(new Line(tag, false, "-- " + text));
  }

  /** Lines of one sequence, and those of others that concern it. */
  String of(String tag) {
    List<String> shown = new ArrayList<>();
    for (Line line : lines) {
      if (line.tag().equals(tag)) {
        shown.add(line.text());
      } else if (line.forAll()) {
        shown.add("   (" + line.tag() + " " + line.text() + ")");
      }
    }
    return String.join("\n", shown.subList(Math.max(0, shown.size() - SHOWN), shown.size()));
  }

  /** All lines of all sequences. */
  String all() {
    List<String> shown = new ArrayList<>();
    lines.forEach(line -> shown.add(line.tag() + " " + line.text()));
    return String.join("\n", shown);
  }

  static String printable(List<String> command) {
    StringBuilder text = new StringBuilder();
    for (String word : command) {
      text.append(text.isEmpty() ? "" : " ");
      text.append(word.isEmpty() ? "\"\"" : shorten(word).replaceAll("[^ -~]", "?"));
    }
    return text.toString();
  }

  private static String shorten(String word) {
    return word.length() > 100 ? word.substring(0, 20) + "...(" + word.length() + ")" : word;
  }
}
