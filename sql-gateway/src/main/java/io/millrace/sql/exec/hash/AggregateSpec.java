package io.millrace.sql.exec.hash;

import java.util.Map;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * One aggregate of a grouping.
 *
 * @param kind what to compute
 * @param argument cell aggregated, -1 for {@code count(*)}
 * @param second cell of a second argument (separator of string_agg), -1 when there is none
 * @param distinct each value once
 * @param filter cell that must be true, -1 when there is no FILTER
 * @param type type of the result
 */
public record AggregateSpec(
    Kind kind, int argument, int second, boolean distinct, int filter, SqlTypeName type) {
  /** The same over an input whose cells stand elsewhere. */
  public AggregateSpec at(Map<Integer, Integer> places) {
    return new AggregateSpec(
        kind,
        places.getOrDefault(argument, argument),
        places.getOrDefault(second, second),
        distinct,
        places.getOrDefault(filter, filter),
        type);
  }

  /** The aggregates we compute. */
  public enum Kind {
    /** Number of rows, or of values. */
    COUNT,
    /** Sum, null when empty. */
    SUM,
    /** Sum, zero when empty. */
    SUM0,
    /** Smallest value. */
    MIN,
    /** Largest value. */
    MAX,
    /** Mean. */
    AVG,
    /** Variance of all values. */
    VAR_POP,
    /** Variance of a sample. */
    VAR_SAMP,
    /** Standard deviation of all values. */
    STDDEV_POP,
    /** Standard deviation of a sample. */
    STDDEV_SAMP,
    /** The only value; more than one is an error. */
    SINGLE_VALUE,
    /** Any value. */
    ANY_VALUE,
    /** All true. */
    BOOL_AND,
    /** Any true. */
    BOOL_OR,
    /** Texts joined. */
    STRING_AGG,
    /** True for every group there is: what IN and NOT IN are made of. */
    TRUE
  }
}
