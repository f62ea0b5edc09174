package io.millrace.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Random conditions over the table of {@link BesidePostgresPropertyTest}, right and wrong ones. */
final class RandomConditions {
  private static final List<String> NUMBERS =
      List.of(
          "0",
          "1",
          "7",
          "-1",
          "11",
          "3000000000",
          "2147483647",
          "2147483648",
          "-2147483648",
          "9223372036854775807",
          "99999999999999999999",
          "1e3",
          "25e-2",
          "0.25",
          "1.0",
          "-1.50",
          "1000",
          "007");
  private static final List<String> TEXTS =
      List.of("", "a", "ab", "NULL", "a,b", "{x}", "7", "ä", "quo\"te", "it''s", "%", "zz");
  private static final List<String> PATTERNS = List.of("a%", "%b", "_", "%", "A%", "", "a_c");
  private static final List<String> COMPARISONS = List.of("=", "<>", "<", "<=", ">", ">=");

  private final SplittableRandom random;

  RandomConditions(SplittableRandom random) {
    this.random = random;
  }

  private String pick(List<String> from) {
    return from.get(random.nextInt(from.size()));
  }

  /** A condition, nested at most so deep. */
  String condition(int depth) {
    return switch (depth == 0 ? 9 : random.nextInt(16)) {
      case 0, 1 -> "(" + condition(depth - 1) + " and " + condition(depth - 1) + ")";
      case 2, 3 -> "(" + condition(depth - 1) + " or " + condition(depth - 1) + ")";
      case 4 -> "not (" + condition(depth - 1) + ")";
      case 5 -> "(" + condition(depth - 1) + ") is " + pick(List.of("true", "not true", "null"));
      case 6 -> pick(List.of("small", "name", "amount", "flag", "big")) + " is not null";
      case 7 -> "flag " + pick(List.of("= 't'", "<> true", "is not true", "= ANY ('{f,NULL}')"));
      default -> random.nextInt(3) == 0 ? textual() : numeric();
    };
  }

  private String numeric() {
    var column = pick(List.of("id", "small", "big", "amount", "small + 1", "-small"));
    return switch (random.nextInt(6)) {
      case 0 -> column + pick(List.of(" in (", " not in (")) + list(this::number) + ")";
      case 1 -> column + " between " + number() + " and " + number();
      case 2 -> quantified(column, COMPARISONS) + "('{" + elements(this::plainNumber) + "}')";
      case 3 -> quantified(column, COMPARISONS) + "(ARRAY[" + list(this::typedNumber) + "])";
      case 4 -> number() + " " + pick(COMPARISONS) + " " + column;
      default -> column + " " + pick(COMPARISONS) + " " + number();
    };
  }

  private String textual() {
    return switch (random.nextInt(6)) {
      case 0 -> "name" + pick(List.of(" in (", " not in (")) + list(this::string) + ")";
      case 1 -> "name " + pick(List.of("like ", "not like ", "ilike ")) + quoted(pick(PATTERNS));
      case 2 -> quantified("name", COMPARISONS) + "('{" + elements(this::element) + "}')";
      case 3 ->
          quantified("name", List.of("like", "not like", "ilike"))
              + "('{"
              + elements(() -> '"' + pick(PATTERNS) + '"')
              + "}')";
      default -> "name " + pick(COMPARISONS) + " " + string();
    };
  }

  private String quantified(String column, List<String> operators) {
    return column + " " + pick(operators) + pick(List.of(" ANY ", " ALL ", " some "));
  }

  private static String quoted(String text) {
    return "'" + text + "'";
  }

  private String string() {
    return random.nextInt(12) == 0 ? "null" : quoted(pick(TEXTS));
  }

  private String element() {
    return random.nextInt(10) == 0 ? "NULL" : '"' + pick(TEXTS).replace("\"", "\\\"") + '"';
  }

  private String typedNumber() {
    return pick(NUMBERS);
  }

  private String plainNumber() {
    return random.nextInt(10) == 0 ? "NULL" : pick(List.of("0", "1", "7", "-1", "1000", "11"));
  }

  private String number() {
    return switch (random.nextInt(12)) {
      case 0 -> "null";
      case 1 -> quoted(pick(List.of("7", "0", "11", "-1")));
      default -> pick(NUMBERS);
    };
  }

  private String elements(java.util.function.Supplier<String> one) {
    return random.nextInt(8) == 0 ? "" : list(one).replace(", ", ",");
  }

  private String list(java.util.function.Supplier<String> one) {
    var all = new ArrayList<String>();
    for (int i = random.nextInt(7); i >= 0; i--) {
      all.add(one.get());
    }
    return String.join(", ", all);
  }
}
