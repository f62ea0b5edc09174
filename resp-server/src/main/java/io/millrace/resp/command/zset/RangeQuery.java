package io.millrace.resp.command.zset;

import io.millrace.resp.command.zset.Scores.Ranks;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.type.ZSetValue;

/** The range that one of the ZRANGE commands asks for; becomes a range of ranks. */
final class RangeQuery {
  /** What the ends of a range are. */
  enum By {
    /** Ranks. */
    RANK,
    /** Scores. */
    SCORE,
    /** Members. */
    LEX
  }

  private final Args args;
  private final By by;
  private final boolean reverse;
  private final boolean withScores;
  private final int min;
  private final int max;
  private final long offset;
  private final long limit;

  private RangeQuery(Parser from) {
    args = from.args;
    by = from.by;
    reverse = from.reverse;
    withScores = from.withScores;
    boolean swapped = reverse && by != By.RANK;
    min = swapped ? from.first + 1 : from.first;
    max = swapped ? from.first : from.first + 1;
    offset = from.offset;
    limit = from.limit;
  }

  /** Reads the arguments of a command of the ZRANGE family and checks them. */
  private static final class Parser {
    private final Args args;
    private final int first;
    private By by = By.RANK;
    private boolean reverse;
    private boolean withScores;
    private long offset;
    private long limit = -1;

    Parser(Args args, int first) {
      this.args = args;
      this.first = first;
    }

    void options(boolean open, boolean scores) {
      for (int i = first + 2; i < args.count(); i++) {
        if (scores && args.is(i, "WITHSCORES")) {
          withScores = true;
        } else if (args.is(i, "LIMIT") && i + 2 < args.count()) {
          offset = args.integer(i + 1);
          limit = args.integer(i + 2);
          i += 2;
        } else if (open && args.is(i, "REV") && !reverse) {
          reverse = true;
        } else if (open && by == By.RANK && args.is(i, "BYLEX")) {
          by = By.LEX;
        } else if (open && by == By.RANK && args.is(i, "BYSCORE")) {
          by = By.SCORE;
        } else {
          throw CommandException.SYNTAX;
        }
      }
    }

    RangeQuery checked() {
      if (limit != -1 && by == By.RANK) {
        throw CommandException.error(
            "syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX");
      }
      if (withScores && by == By.LEX) {
        throw CommandException.error(
            "syntax error, WITHSCORES not supported in combination with BYLEX");
      }
      var query = new RangeQuery(this);
      query.checkEnds();
      return query;
    }
  }

  /** ZRANGE and ZRANGESTORE: everything is an option. */
  static RangeQuery open(Args args, int first, boolean store) {
    var parser = new Parser(args, first);
    parser.options(true, !store);
    return parser.checked();
  }

  /** The older commands: kind and direction are in the name. */
  static RangeQuery fixed(Args args, By by, boolean reverse) {
    var parser = new Parser(args, 2);
    parser.by = by;
    parser.reverse = reverse;
    parser.options(false, true);
    return parser.checked();
  }

  /** A range of ends only. */
  static RangeQuery ends(Args args, By by) {
    var parser = new Parser(args, 2);
    parser.by = by;
    return parser.checked();
  }

  private void checkEnds() {
    switch (by) {
      case RANK -> {
        args.integer(min);
        args.integer(max);
      }
      case SCORE -> {
        Scores.checkBound(args, min);
        Scores.checkBound(args, max);
      }
      case LEX -> {
        Scores.checkLex(args, min);
        Scores.checkLex(args, max);
      }
    }
  }

  boolean reverse() {
    return reverse;
  }

  boolean withScores() {
    return withScores;
  }

  /** The ranks in the set, counted from the lowest, LIMIT applied. */
  Ranks ranks(ZSetValue set) {
    Ranks all = all(set);
    long n = all.count();
    if (by == By.RANK) {
      return n == 0 ? new Ranks(0, 0) : all;
    }
    if (offset < 0 || offset >= n) {
      return new Ranks(0, 0);
    }
    long m = limit < 0 ? n - offset : Math.min(limit, n - offset);
    return reverse
        ? new Ranks(all.to() - offset - m, all.to() - offset)
        : new Ranks(all.from() + offset, all.from() + offset + m);
  }

  private Ranks all(ZSetValue set) {
    return switch (by) {
      case RANK -> byRank(set.size());
      case SCORE -> new Ranks(Scores.lowerRank(set, args, min), Scores.upperRank(set, args, max));
      case LEX -> Scores.lexRanks(set, args, min, max, reverse);
    };
  }

  private Ranks byRank(long size) {
    long start = args.integer(min);
    long end = args.integer(max);
    start = Math.max(start < 0 ? size + start : start, 0);
    end = Math.min(end < 0 ? size + end : end, size - 1);
    if (start > end || start >= size) {
      return new Ranks(0, 0);
    }
    return reverse ? new Ranks(size - 1 - end, size - start) : new Ranks(start, end + 1);
  }
}
