package io.millrace.resp.command.zset;

import io.millrace.engine.tree.Cursor;
import io.millrace.resp.command.zset.Scores.Ranks;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.type.ZSetKey;
import io.millrace.resp.type.ZSetValue;
import java.util.Arrays;

/** Ranges of members in the small form of sorted sets, found one by one as Redis finds them. */
final class LexWalk {
  private static final Ranks NONE = new Ranks(0, 0);

  private final Args args;
  private final int min;
  private final int max;

  private LexWalk(Args args, int min, int max) {
    this.args = args;
    this.min = min;
    this.max = max;
  }

  static Ranks ranks(ZSetValue set, Args args, int min, int max, boolean reverse) {
    var walk = new LexWalk(args, min, max);
    return walk.empty() || !walk.touches(set) ? NONE : walk.walk(set, reverse);
  }

  private byte kind(int i) {
    return args.array()[args.offset(i)];
  }

  /** True for ranges that no member can be in. */
  private boolean empty() {
    if (kind(min) == '+' || kind(max) == '-') {
      return !(kind(min) == kind(max));
    }
    if (kind(min) == '-' || kind(max) == '+') {
      return false;
    }
    int order =
        Arrays.compareUnsigned(
            args.array(),
            args.offset(min) + 1,
            args.offset(min) + args.length(min),
            args.array(),
            args.offset(max) + 1,
            args.offset(max) + args.length(max));
    return order > 0 || order == 0 && (kind(min) == '(' || kind(max) == '(');
  }

  private boolean touches(ZSetValue set) {
    Cursor cursor = set.order().cursor();
    return cursor.seekLast() && above(cursor) && cursor.seekFirst() && below(cursor);
  }

  private Ranks walk(ZSetValue set, boolean reverse) {
    Cursor cursor = set.order().cursor();
    boolean on = reverse ? cursor.seekLast() : cursor.seekFirst();
    while (on && !(reverse ? below(cursor) : above(cursor))) {
      on = reverse ? cursor.previous() : cursor.next();
    }
    if (!on) {
      return NONE;
    }
    long first = cursor.rank();
    long count = 0;
    while (on && (reverse ? above(cursor) : below(cursor))) {
      count++;
      on = reverse ? cursor.previous() : cursor.next();
    }
    return reverse ? new Ranks(first + 1 - count, first + 1) : new Ranks(first, first + count);
  }

  private boolean above(Cursor cursor) {
    byte kind = kind(min);
    if (kind == '-' || kind == '+') {
      return kind == '-';
    }
    int order = compare(cursor, min);
    return kind == '(' ? order > 0 : order >= 0;
  }

  private boolean below(Cursor cursor) {
    byte kind = kind(max);
    if (kind == '-' || kind == '+') {
      return kind == '+';
    }
    int order = compare(cursor, max);
    return kind == '(' ? order < 0 : order <= 0;
  }

  private int compare(Cursor cursor, int i) {
    int offset = ZSetKey.offset(cursor);
    return Arrays.compareUnsigned(
        cursor.array(),
        offset,
        offset + ZSetKey.length(cursor),
        args.array(),
        args.offset(i) + 1,
        args.offset(i) + args.length(i));
  }
}
