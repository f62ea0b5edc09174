package io.millrace.resp.command.spec;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One element of a command's argument grammar: what COMMAND DOCS shows, and what arity and random
 * test arguments derive from.
 *
 * @param name name for readers
 * @param type kind of argument
 * @param token word in front of the value, or the word itself for a pure token
 * @param keySpec index of the key spec that finds this key, or -1
 * @param optional may be left out
 * @param multiple may be repeated
 * @param repeatsToken the token is repeated with the value
 * @param parts alternatives of a choice, or parts of a block
 */
public record Arg(
    String name,
    Type type,
    @Nullable String token,
    int keySpec,
    boolean optional,
    boolean multiple,
    boolean repeatsToken,
    List<Arg> parts) {

  /** Kinds of arguments, as COMMAND DOCS names them in lower case. */
  public enum Type {
    /** Text. */
    STRING,
    /** Whole number. */
    INTEGER,
    /** Number. */
    DOUBLE,
    /** Key. */
    KEY,
    /** Glob pattern. */
    PATTERN,
    /** Seconds or milliseconds since the epoch. */
    UNIX_TIME,
    /** A word. */
    PURE_TOKEN,
    /** One of several. */
    ONEOF,
    /** Several together. */
    BLOCK
  }

  /** A key found by key spec number {@code spec}. */
  public static Arg key(String name, int spec) {
    return new Arg(name, Type.KEY, null, spec, false, false, false, List.of());
  }

  /** The key found by the first key spec. */
  public static Arg key() {
    return key("key", 0);
  }

  /** Text. */
  public static Arg string(String name) {
    return of(name, Type.STRING);
  }

  /** A whole number. */
  public static Arg integer(String name) {
    return of(name, Type.INTEGER);
  }

  /** A number. */
  public static Arg number(String name) {
    return of(name, Type.DOUBLE);
  }

  /** A glob pattern. */
  public static Arg pattern(String name) {
    return of(name, Type.PATTERN);
  }

  /** A point in time. */
  public static Arg unixTime(String name) {
    return of(name, Type.UNIX_TIME);
  }

  /** A word that stands for itself. */
  public static Arg word(String name, String token) {
    return new Arg(name, Type.PURE_TOKEN, token, -1, false, false, false, List.of());
  }

  /** One of several. */
  public static Arg oneOf(String name, Arg... parts) {
    return new Arg(name, Type.ONEOF, null, -1, false, false, false, List.of(parts));
  }

  /** Several together. */
  public static Arg block(String name, Arg... parts) {
    return new Arg(name, Type.BLOCK, null, -1, false, false, false, List.of(parts));
  }

  private static Arg of(String name, Type type) {
    return new Arg(name, type, null, -1, false, false, false, List.of());
  }

  /** May be left out. */
  public Arg maybe() {
    return new Arg(name, type, token, keySpec, true, multiple, repeatsToken, parts);
  }

  /** May be repeated. */
  public Arg many() {
    return new Arg(name, type, token, keySpec, optional, true, repeatsToken, parts);
  }

  /** With a word in front. */
  public Arg after(String token) {
    return new Arg(name, type, token, keySpec, optional, multiple, repeatsToken, parts);
  }

  /** With a word in front of each repetition. */
  public Arg eachAfter(String token) {
    return new Arg(name, type, token, keySpec, optional, true, true, parts);
  }

  /** Smallest number of words this element takes. */
  int least() {
    if (optional) {
      return 0;
    }
    int words =
        switch (type) {
          case BLOCK -> parts.stream().mapToInt(Arg::least).sum();
          case ONEOF -> parts.stream().mapToInt(Arg::least).min().orElse(0);
          default -> 1;
        };
    return words + (token != null && type != Type.PURE_TOKEN ? 1 : 0);
  }

  /** True when the number of words may differ. */
  boolean varies() {
    if (optional || multiple) {
      return true;
    }
    return switch (type) {
      case BLOCK -> parts.stream().anyMatch(Arg::varies);
      case ONEOF ->
          parts.stream().anyMatch(Arg::varies)
              || parts.stream().mapToInt(Arg::least).distinct().count() > 1;
      default -> false;
    };
  }
}
