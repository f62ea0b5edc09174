package io.millrace.resp.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** Makes random commands from {@link Sketches}, right and wrong ones. */
final class Generator {
  private static final Set<String> RANDOM_CHOICE =
      Set.of("SPOP", "SRANDMEMBER", "HRANDFIELD", "ZRANDMEMBER");
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
  private static final String[] GLOBS = {"*", "k*", "k1?", "k[0-5]", "f*", "m*", "[^k]*", "k\\*"};

  private final SplittableRandom random;
  private final List<String[]> forms;

  /** Uses the forms whose command is among the given lower-case names. */
  Generator(SplittableRandom random, Set<String> names) {
    this.random = random;
    forms = Sketches.all().stream().filter(f -> names.contains(Sketches.name(f))).toList();
  }

  /** Next command. */
  List<String> next() {
    String[] form = forms.get(random.nextInt(forms.size()));
    List<String> command = new ArrayList<>();
    for (String word : form) {
      command.add(word.startsWith("$") && word.length() == 2 ? fill(word.charAt(1)) : word);
    }
    spoil(command);
    if (random.nextInt(8) == 0) {
      command.set(0, command.get(0).toLowerCase(java.util.Locale.ROOT));
    }
    return command;
  }

  private void spoil(List<String> command) {
    if (RANDOM_CHOICE.contains(command.get(0))) {
      // With a count below the size the servers choose differently; the rest of the sequence is
      // then about two states.
      return;
    }
    switch (random.nextInt(40)) {
      case 0 -> {
        // ZRANK and ZREVRANK take one word more since 7.2.
        if (!command.get(0).endsWith("RANK")) {
          command.add(GARBAGE[random.nextInt(GARBAGE.length)]);
        }
      }
      case 1 -> {
        if (command.size() > 1) {
          command.removeLast();
        }
      }
      case 2 -> {
        if (command.size() > 1) {
          int at = 1 + random.nextInt(command.size() - 1);
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
      case 'f' -> "f" + random.nextInt(6);
      case 'm' -> "m" + random.nextInt(8);
      case 'n' -> Integer.toString(random.nextInt(-20, 21));
      case 'i' -> Integer.toString(random.nextInt(-6, 7));
      case 'c' -> Integer.toString(random.nextInt(0, 12));
      case 'd' -> pick(DECIMALS);
      case 'r' -> pick(BOUNDS);
      case 'b' -> pick(LEX);
      case 'g' -> pick(GLOBS);
      case 'e' -> Integer.toString(random.nextInt(1_000, 100_000));
      case 'E' -> Integer.toString(random.nextInt(1_000_000, 100_000_000));
      case 'q' -> Integer.toString(random.nextInt(3));
      case 'w' -> random.nextInt(1, 30) + "-" + random.nextInt(3);
      default -> throw new IllegalArgumentException("$" + what);
    };
  }

  private String pick(String[] from) {
    return from[random.nextInt(from.length)];
  }

  private String key(int from, int count) {
    boolean stray = random.nextInt(8) == 0;
    return "k" + (stray ? random.nextInt(20) : from + random.nextInt(count));
  }
}
