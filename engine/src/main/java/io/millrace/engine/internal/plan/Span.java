package io.millrace.engine.internal.plan;

import io.millrace.engine.path.Navigator;
import io.millrace.engine.tree.PageTree;

/**
 * A run of elements of a tree, by rank.
 *
 * @param from first rank
 * @param to rank behind the last
 */
record Span(long from, long to) {

  static Span all(PageTree tree) {
    return new Span(0, tree.size());
  }

  /** The run of a range step. */
  static Span of(PageTree tree, PlanStep step) {
    var range = (Navigator.SortedRange) step.navigator();
    var from = 0L;
    var lower = range.from();
    var low = step.from();
    if (lower != null && low != null) {
      from = tree.rank(low, 0, low.length, !lower.inclusive());
    }
    var to = tree.size();
    var upper = range.to();
    var high = step.to();
    if (upper != null && high != null) {
      to = tree.rank(high, 0, high.length, upper.inclusive());
    }
    if (range.limit() > 0 && to - from > range.limit()) {
      return range.fromEnd()
          ? new Span(to - range.limit(), to)
          : new Span(from, from + range.limit());
    }
    return new Span(from, Math.max(from, to));
  }

  long size() {
    return to - from;
  }
}
