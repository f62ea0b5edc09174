package io.millrace.node.config;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A value and where it came from.
 *
 * @param key the key
 * @param words the value
 * @param origin {@code default}, {@code file:line}, the variable, or {@code command line}
 */
public record Setting(ConfigKey key, List<String> words, String origin) {
  /** The value as one text. */
  public String text() {
    return String.join(" ", words);
  }

  /** The value as it stands in a configuration file. */
  String line() {
    return words.isEmpty()
        ? "\"\""
        : words.stream().map(ConfSyntax::quote).collect(Collectors.joining(" "));
  }
}
