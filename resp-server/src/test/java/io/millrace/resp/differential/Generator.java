package io.millrace.resp.differential;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Makes random commands from {@link Sketches}, right and wrong ones. Commands are chosen first, by
 * weight, and then one of their forms, so that a command of one form is sent as often as one of
 * ten.
 */
final class Generator {
  /**
   * Sent as they are written. With a count below the size the servers choose differently, and the
   * rest of the sequence is about two states; a word less, and the server stops or sleeps; another
   * setting, and it is forgotten by the server that is killed. The arity of COMMAND GETKEYS is
   * another one since 7.2.
   */
  private static final Set<String> NOT_SPOILED =
      Set.of(
          "spop",
          "srandmember",
          "hrandfield",
          "zrandmember",
          "shutdown",
          "debug",
          "config|set",
          "command|getkeys",
          "command|getkeysandflags");

  private static final Set<String> BUILDERS =
      Set.of("set", "mset", "hset", "rpush", "lpush", "sadd", "zadd", "xadd", "append");
  private static final String[] VALUES = {
    "",
    "a",
    "b",
    "hello",
    "10",
    "-3",
    "0",
    "3.5",
    "\u0000\u00ff\r\n",
    "x".repeat(70),
    "abcabc",
    "9223372036854775807",
    "foo bar",
    "007",
    "1e3",
    "nan"
  };
  private static final String[] GARBAGE = {
    "notanumber", "", "-1", "9223372036854775808", "1.5", " 1", "inf", "LIMIT", "x"
  };
  private static final String[] BOUNDS = {"-inf", "+inf", "0", "(1", "2", "(3.5", "-2", "inf"};
  private static final String[] LEX = {"-", "+", "[a", "(m1", "[m2", "(z", "[m9"};
  private static final String[] DECIMALS = {
    "1", "2", "0", "-1", "3.5", "-0.25", "100", "1e2", "0.1", "5", "inf", "-inf", "17"
  };
  private static final String[] GLOBS = {"k*", "k*", "k1?", "k[0-5]", "k1*", "[^k]*", "k\\*"};
  private static final String[] NAMES = {"GET", "set", "HSET", "lpop", "EXISTS", "zscore"};

  /** What redis-server 7.0.15 answers to DUMP. */
  private static final String[] PAYLOADS = {
    payload("12010210100000000300816102826263030101ff0a0003bba3ad56f701a3"),
    payload("0b0e02000000030000000100020003000a00a5025ce26d6e4d1b"),
    payload("10151500000004008266310382763103826632030201ff0a005c5ea813feec1ff5"),
    payload("1114140000000400816102010181620283322e3504ff0a00d44c6ea4f644d9d7"),
    payload("04010166c3094046017676e039000176760a00f21bfa0a02f2749c"),
    payload(
        "0502016e0000000000000040c3094041016d6de03400016d6d000000000000f83f0a004228de78e9"
            + "1c8f64"),
    payload("0202016201610a0075d99d835ef85f65"),
    payload("00c313414008616263646566676861e0ff07e124070167680a007628fd45fe339d11"),
    payload("00c00c0a003c2af8515c04bcd5"),
    payload("000568656c6c6f0a006372df766534200a"),
    payload(
        "13011000000000000000010000000000000001c33b40401240000000190002010101020181660281"
            + "670200200900002001058176020201052008030401dfff202008816f028178020601032010c01d01"
            + "01ff0205010101050103000a006d058856cd9ee50d")
  };

  private static String payload(String hex) {
    return new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
  }

  private final SplittableRandom random;
  private final String tag;
  private final List<List<Sketches.Form>> data;
  private final List<List<Sketches.Form>> builders;
  private final List<List<Sketches.Form>> session;

  /**
   * Uses the forms whose command is among the given names.
   *
   * @param tag in front of the names of keys and channels
   */
  Generator(SplittableRandom random, Set<String> names, String tag) {
    this.random = random;
    this.tag = tag;
    data = byCommand(Sketches.data(), names);
    session = byCommand(Sketches.session(), names);
    builders = data.stream().filter(forms -> BUILDERS.contains(forms.get(0).name())).toList();
  }

  private static List<List<Sketches.Form>> byCommand(List<Sketches.Form> all, Set<String> names) {
    Map<String, List<Sketches.Form>> sorted = new LinkedHashMap<>();
    for (Sketches.Form form : all) {
      if (names.contains(form.name())) {
        sorted.computeIfAbsent(form.name(), n -> new ArrayList<>()).add(form);
      }
    }
    return List.copyOf(sorted.values());
  }

  /** Next form; one in eight concerns the connection or the server, one in seven fills keys. */
  Sketches.Form form() {
    int die = random.nextInt(100);
    List<List<Sketches.Form>> from =
        die < 12 && !session.isEmpty()
            ? session
            : die < 26 && !builders.isEmpty() ? builders : data;
    List<Sketches.Form> forms = from.get(random.nextInt(from.size()));
    return forms.get(random.nextInt(forms.size()));
  }

  /** A form with its blanks filled in, at times spoiled. */
  List<List<String>> fill(Sketches.Form form) {
    List<List<String>> filled = new ArrayList<>();
    for (List<String> words : form.commands()) {
      List<String> command = new ArrayList<>();
      for (String word : words) {
        command.add(filled(word));
      }
      if (!form.alone()) {
        spoil(command);
      }
      if (random.nextInt(8) == 0) {
        command.set(0, command.get(0).toLowerCase(Locale.ROOT));
      }
      filled.add(command);
    }
    return filled;
  }

  private String filled(String word) {
    if (word.startsWith("$K")) {
      return tag + "k*" + word.substring(2);
    }
    return word.startsWith("$") && word.length() == 2 ? fill(word.charAt(1)) : word;
  }

  private void spoil(List<String> command) {
    String name = Coverage.name(command);
    if (NOT_SPOILED.contains(name)) {
      return;
    }
    int keep = name.indexOf('|') > 0 ? 2 : 1;
    switch (random.nextInt(40)) {
      case 0 -> {
        // ZRANK and ZREVRANK take one word more since 7.2.
        if (!command.get(0).endsWith("RANK")) {
          command.add(GARBAGE[random.nextInt(GARBAGE.length)]);
        }
      }
      case 1 -> {
        if (command.size() > keep) {
          command.removeLast();
        }
      }
      case 2 -> {
        if (command.size() > keep) {
          int at = keep + random.nextInt(command.size() - keep);
          command.set(at, GARBAGE[random.nextInt(GARBAGE.length)]);
        }
      }
      default -> {}
    }
  }

  private String fill(char what) {
    return switch (what) {
      case 'k' -> key(0, 20);
      case 's' -> key(0, 5);
      case 'h' -> key(5, 4);
      case 'l' -> key(9, 4);
      case 't' -> key(13, 3);
      case 'z' -> key(16, 3);
      case 'x' -> key(19, 1);
      case 'v' -> pick(VALUES);
      case 'B' -> large();
      case 'D' -> pick(PAYLOADS);
      case 'f' -> "f" + random.nextInt(6);
      case 'F' -> "f" + random.nextInt(300);
      case 'm' -> "m" + random.nextInt(8);
      case 'n' -> Integer.toString(random.nextInt(-20, 21));
      case 'i' -> Integer.toString(random.nextInt(-6, 7));
      case 'c' -> Integer.toString(random.nextInt(0, 12));
      case 'd' -> pick(DECIMALS);
      case 'r' -> pick(BOUNDS);
      case 'b' -> pick(LEX);
      case 'g' -> random.nextInt(8) == 0 ? "*" : tag + pick(GLOBS);
      case 'e' -> Integer.toString(random.nextInt(1_000, 100_000));
      case 'E' -> Integer.toString(random.nextInt(1_000_000, 100_000_000));
      case 'q' -> Integer.toString(random.nextInt(3));
      case 'w' -> random.nextInt(1, 30) + "-" + random.nextInt(3);
      case 'u' -> tag + "c" + random.nextInt(4);
      case 'U' -> tag + "c" + (random.nextBoolean() ? "*" : "[0-" + random.nextInt(3) + "]");
      case 'C' -> pick(NAMES);
      default -> throw new IllegalArgumentException("$" + what);
    };
  }

  private String large() {
    String value = pick(VALUES);
    return value.isEmpty() ? value : value.repeat(1 + random.nextInt(400, 4_000) / value.length());
  }

  private String pick(String[] from) {
    return from[random.nextInt(from.length)];
  }

  private String key(int from, int count) {
    boolean stray = random.nextInt(8) == 0;
    return tag + "k" + (stray ? random.nextInt(20) : from + random.nextInt(count));
  }
}
