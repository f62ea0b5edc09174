package io.millrace.resp.config;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One setting of CONFIG GET and CONFIG SET.
 *
 * @param name name
 * @param kind bool, int, signed, memory, share, text, or the words of a choice
 * @param initial value at start
 * @param alias the setting that this name stands for, or null
 * @param effect what a change by CONFIG SET does
 * @param range what a number must be inside of
 * @param clip what a number inside the range is brought to
 */
record ServerSetting(
    String name,
    String kind,
    String initial,
    @Nullable String alias,
    Effect effect,
    Range range,
    Range clip) {

  /** What a change by CONFIG SET does. */
  enum Effect {
    /** It acts. */
    ACTS,
    /** It is kept and shown, without effect. */
    NOTED,
    /** It is refused: the value is set at start. */
    STARTS,
    /** It is refused: there is nothing here that could act. */
    ABSENT,
    /** It is refused unless enable-protected-configs allows it. */
    PROTECTED,
    /** It is refused, as in Redis. */
    FIXED
  }

  /** Numbers from one to another, both included. */
  record Range(long low, long high) {
    static final Range ALL = new Range(Long.MIN_VALUE, Long.MAX_VALUE);

    static Range parse(String text) {
      int dots = text.indexOf("..");
      return new Range(
          Long.parseLong(text.substring(0, dots)), Long.parseLong(text.substring(dots + 2)));
    }

    long inside(long value) {
      if (value < low || value > high) {
        throw new IllegalArgumentException(
            "argument must be between " + low + " and " + high + " inclusive");
      }
      return value;
    }

    private static Range of(String kind) {
      return switch (kind) {
        case "int" -> new Range(0, Integer.MAX_VALUE);
        case "signed" -> new Range(Integer.MIN_VALUE, Integer.MAX_VALUE);
        default -> new Range(0, Long.MAX_VALUE);
      };
    }
  }

  private static final int ALL_OF_IT = 100;

  static ServerSetting parse(String line) {
    var cells = List.of(line.split("\t", -1));
    var words = cells.size() > 3 ? List.of(cells.get(3).split(" ")) : List.<String>of();
    var kind = cells.get(1);
    String alias = null;
    var effect = Effect.FIXED;
    var range = Range.of(kind);
    var clip = Range.ALL;
    for (var word : words) {
      var value = word.substring(word.indexOf('=') + 1);
      if (word.startsWith("alias=")) {
        alias = value;
      } else if (word.startsWith("range=")) {
        range = Range.parse(value);
      } else if (word.startsWith("clip=")) {
        clip = Range.parse(value);
      } else if (!word.isEmpty()) {
        effect = Effect.valueOf(word.toUpperCase(Locale.ROOT));
      }
    }
    var initial = cells.size() > 2 ? cells.get(2) : "";
    return new ServerSetting(cells.get(0), kind, initial, alias, effect, range, clip);
  }

  /** The value in the form in which it is kept. */
  String normalise(String text) {
    return switch (kind) {
      case "bool" -> yesOrNo(text);
      case "int", "signed" -> number(integer(text));
      case "memory" -> number(memory(text, "argument must be a memory value"));
      case "share" -> share(text);
      case "text" -> text;
      default -> choice(text);
    };
  }

  private String number(long value) {
    return Long.toString(Math.clamp(range.inside(value), clip.low, clip.high));
  }

  private String share(String text) {
    var problem = "argument must be a memory or percent value";
    if (!text.endsWith("%")) {
      return number(memory(text, problem));
    }
    var digits = text.substring(0, text.length() - 1);
    if (!digits.matches("[0-9]{1,9}")) {
      throw new IllegalArgumentException(problem);
    }
    int percents = Integer.parseInt(digits);
    if (percents > ALL_OF_IT) {
      throw new IllegalArgumentException("percentage argument must be less or equal to 100");
    }
    return percents + "%";
  }

  private static String yesOrNo(String text) {
    var lower = text.toLowerCase(Locale.ROOT);
    if (!lower.equals("yes") && !lower.equals("no")) {
      throw new IllegalArgumentException("argument must be 'yes' or 'no'");
    }
    return lower;
  }

  private static long integer(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException notANumber) {
      throw new IllegalArgumentException("argument couldn't be parsed into an integer", notANumber);
    }
  }

  /** A number of bytes with a unit behind it; without digits it is nothing, as in Redis. */
  private static long memory(String text, String problem) {
    var lower = text.toLowerCase(Locale.ROOT);
    int digits = 0;
    while (digits < lower.length() && "-0123456789".indexOf(lower.charAt(digits)) >= 0) {
      digits++;
    }
    long unit =
        switch (lower.substring(digits)) {
          case "", "b" -> 1;
          case "k" -> 1000;
          case "kb" -> 1024;
          case "m" -> 1000_000;
          case "mb" -> 1 << 20;
          case "g" -> 1000_000_000;
          case "gb" -> 1 << 30;
          default -> throw new IllegalArgumentException(problem);
        };
    if (digits == 0) {
      return 0;
    }
    try {
      long value = Math.multiplyExact(Long.parseLong(lower.substring(0, digits)), unit);
      if (value < 0) {
        throw new ArithmeticException("negative");
      }
      return value;
    } catch (NumberFormatException | ArithmeticException notANumber) {
      throw new IllegalArgumentException(problem, notANumber);
    }
  }

  private String choice(String text) {
    var lower = text.toLowerCase(Locale.ROOT);
    var words = List.of(kind.split(" "));
    if (!words.contains(lower)) {
      throw new IllegalArgumentException(
          "argument(s) must be one of the following: " + String.join(", ", words));
    }
    return lower;
  }
}
