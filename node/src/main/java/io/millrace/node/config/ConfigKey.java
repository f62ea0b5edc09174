package io.millrace.node.config;

import java.util.List;

/**
 * One configuration key.
 *
 * @param name kebab-case name
 * @param kind how its value is read and checked
 * @param defaultValue text of the default
 * @param acts false for a key of Redis that is known but changes nothing here
 * @param choices allowed values of a {@link Kind#CHOICE}, empty otherwise
 * @param doc one sentence
 */
public record ConfigKey(
    String name, Kind kind, String defaultValue, boolean acts, List<String> choices, String doc) {

  /** How a value is read. */
  public enum Kind {
    /** Any text, one word. */
    TEXT,
    /** Several words. */
    LIST,
    /** A TCP port, 0 to 65535. */
    PORT,
    /** A whole number, not negative. */
    NUMBER,
    /** Bytes, with an optional unit such as {@code 2gb}. */
    BYTES,
    /** {@code yes} or {@code no}. */
    YES_NO,
    /** One of a few words. */
    CHOICE,
    /** Not looked at. */
    ANY
  }

  static ConfigKey of(String name, Kind kind, String defaultValue, String doc) {
    return new ConfigKey(name, kind, defaultValue, true, List.of(), doc);
  }

  static ConfigKey choice(String name, String defaultValue, List<String> choices, String doc) {
    return new ConfigKey(name, Kind.CHOICE, defaultValue, true, choices, doc);
  }

  static ConfigKey noted(String name, String defaultValue) {
    return new ConfigKey(name, Kind.ANY, defaultValue, false, List.of(), "");
  }

  /** Checks a value; {@code where} names its origin in the message. */
  void check(List<String> words, String where) {
    if (kind == Kind.ANY || kind == Kind.LIST) {
      return;
    }
    if (words.size() != 1) {
      throw new ConfigException(where + ": " + name + " takes one value, got " + words.size());
    }
    var value = words.getFirst();
    switch (kind) {
      case PORT -> number(value, where, 65_535);
      case NUMBER -> number(value, where, Long.MAX_VALUE);
      case BYTES -> {
        if (Bytes.parse(value) < 0 && !(value.equals("auto") && defaultValue.equals("auto"))) {
          throw refuse(value, where, "bytes with an optional unit, such as 512mb or 2gb");
        }
      }
      case YES_NO -> {
        if (!value.equals("yes") && !value.equals("no")) {
          throw refuse(value, where, "yes or no");
        }
      }
      case CHOICE -> {
        if (!choices.contains(value)) {
          throw refuse(value, where, "one of " + String.join(", ", choices));
        }
      }
      case TEXT, LIST, ANY -> {}
    }
  }

  private void number(String value, String where, long max) {
    try {
      var number = Long.parseLong(value);
      if (number >= 0 && number <= max) {
        return;
      }
    } catch (NumberFormatException e) {
      throw refuse(value, where, "a whole number");
    }
    throw refuse(value, where, "a whole number from 0 to " + max);
  }

  private ConfigException refuse(String value, String where, String expected) {
    return new ConfigException(where + ": " + name + " is '" + value + "', expected " + expected);
  }
}
