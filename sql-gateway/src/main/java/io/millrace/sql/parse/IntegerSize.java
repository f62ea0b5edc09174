package io.millrace.sql.parse;

/** The type PostgreSQL gives a whole number by its value. It is part of a statement's shape. */
public enum IntegerSize {
  /** 32 bits are enough. */
  INT4("?i"),
  /** 64 bits are enough. */
  INT8("?l"),
  /** An exact number of any size. */
  NUMERIC("?n");

  private static final String MOST_INT4 = Integer.toString(Integer.MAX_VALUE);
  private static final String MOST_INT8 = Long.toString(Long.MAX_VALUE);

  private final String mark;

  IntegerSize(String mark) {
    this.mark = mark;
  }

  /** Stands for a literal of this size in a shape. */
  String mark() {
    return mark;
  }

  /** The size of a number without a sign. */
  public static IntegerSize of(String digits) {
    int from = 0;
    while (from < digits.length() - 1 && digits.charAt(from) == '0') {
      from++;
    }
    var significant = digits.substring(from);
    return fits(significant, MOST_INT4) ? INT4 : fits(significant, MOST_INT8) ? INT8 : NUMERIC;
  }

  private static boolean fits(String digits, String most) {
    return digits.length() < most.length()
        || digits.length() == most.length() && digits.compareTo(most) <= 0;
  }
}
