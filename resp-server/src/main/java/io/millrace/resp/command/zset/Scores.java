package io.millrace.resp.command.zset;

import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.Numbers;
import io.millrace.resp.protocol.ReplyWriter;
import io.millrace.resp.type.ZSetValue;

/** Arguments and replies that the commands of sorted sets share. */
final class Scores {
  private static final CommandException NO_RANGE =
      CommandException.error("min or max is not a float");
  private static final CommandException NO_LEX_RANGE =
      CommandException.error("min or max not valid string range item");

  private Scores() {}

  /** A range of ranks [from, to), counted from the lowest score. */
  record Ranks(long from, long to) {
    /** Number of ranks. */
    long count() {
      return Math.max(0, to - from);
    }
  }

  /** A score. */
  static double parse(Args args, int i) {
    return args.isInteger(i)
        ? args.integer(i)
        : Numbers.parseDouble(args.array(), args.offset(i), args.length(i));
  }

  /** Checks that an argument is an end of a score range. */
  static void checkBound(Args args, int i) {
    bound(args, i);
  }

  private static boolean exclusive(Args args, int i) {
    return args.length(i) > 0 && args.array()[args.offset(i)] == '(';
  }

  private static double bound(Args args, int i) {
    int skip = exclusive(args, i) ? 1 : 0;
    while (skip < args.length(i) && isSpace(args.array()[args.offset(i) + skip])) {
      skip++;
    }
    if (args.length(i) == skip) {
      return 0;
    }
    try {
      return Numbers.parseDouble(args.array(), args.offset(i) + skip, args.length(i) - skip);
    } catch (CommandException notANumber) {
      throw NO_RANGE;
    }
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b >= '\t' && b <= '\r';
  }

  /** Rank of the first member at or above the lower end of a score range. */
  static long lowerRank(ZSetValue set, Args args, int i) {
    return set.rank(bound(args, i), exclusive(args, i));
  }

  /** Rank behind the last member at or below the upper end of a score range. */
  static long upperRank(ZSetValue set, Args args, int i) {
    return set.rank(bound(args, i), !exclusive(args, i));
  }

  /** Checks that an argument is an end of a range of members. */
  static void checkLex(Args args, int i) {
    int length = args.length(i);
    int first = length == 0 ? 0 : args.array()[args.offset(i)];
    boolean end = length == 1 && (first == '-' || first == '+');
    if (!end && first != '(' && first != '[') {
      throw NO_LEX_RANGE;
    }
  }

  /**
   * Ranks of a range of members. It is defined where all scores are the same; the small form does
   * elsewhere what Redis's does, which walks from one end until a member is out of the range.
   */
  static Ranks lexRanks(ZSetValue set, Args args, int min, int max, boolean reverse) {
    if (set.isSmall()) {
      return LexWalk.ranks(set, args, min, max, reverse);
    }
    return new Ranks(lexRank(set, args, min, (byte) '('), lexRank(set, args, max, (byte) '['));
  }

  private static long lexRank(ZSetValue set, Args args, int i, byte inclusive) {
    byte first = args.array()[args.offset(i)];
    if (first == '-') {
      return 0;
    }
    if (first == '+') {
      return set.size();
    }
    return set.lexRank(args.array(), args.offset(i) + 1, args.length(i) - 1, first == inclusive);
  }

  /** Begins a reply of n members: with scores they are pairs in RESP3, a flat array in RESP2. */
  static void begin(ReplyWriter reply, long n, boolean withScores) {
    reply.array(withScores && !reply.resp3() ? 2 * n : n);
  }

  /** Writes one member of such a reply. */
  static void member(
      ReplyWriter reply, byte[] array, int offset, int length, double score, boolean withScores) {
    if (withScores && reply.resp3()) {
      reply.array(2);
    }
    reply.bulk(array, offset, length);
    if (withScores) {
      reply.number(score);
    }
  }
}
