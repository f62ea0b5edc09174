package io.millrace.sql.parse;

import java.util.List;

/**
 * A statement in Calcite's spelling, and its normal form for the plan cache.
 *
 * @param sql text for the parser; literals in place, {@code $n} as {@code ?}
 * @param starts offsets of the pieces in {@code sql}
 * @param origins offsets of the same pieces in the text the client sent
 * @param literals the literals in order
 * @param parameters for each {@code ?} in order, the number behind its dollar sign
 * @param shape the text with every literal replaced by the mark of its kind
 */
public record Normal(
    String sql,
    int[] starts,
    int[] origins,
    List<Literal> literals,
    int[] parameters,
    String shape) {

  /**
   * A literal.
   *
   * @param kind kind of its token
   * @param text its value as text
   * @param start where it starts in {@link Normal#sql}
   */
  public record Literal(SqlToken.Kind kind, String text, int start) {}

  /** The offset in the client's text for an offset in the parser's text. */
  public int origin(int offset) {
    int low = java.util.Arrays.binarySearch(starts, offset);
    if (low < 0) {
      low = Math.max(0, -low - 2);
    }
    return starts.length == 0 ? offset : origins[low] + Math.max(0, offset - starts[low]);
  }

  /** The largest parameter number. */
  public int parameterCount() {
    int most = 0;
    for (int number : parameters) {
      most = Math.max(most, number);
    }
    return most;
  }

  /** Normalises a statement, with the rewrites that Calcite's parser needs. */
  public static Normal of(Statement statement) {
    return new Normalizer(statement.tokens()).normal();
  }
}
