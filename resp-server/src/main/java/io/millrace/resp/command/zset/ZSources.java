package io.millrace.resp.command.zset;

import io.millrace.engine.tree.Cursor;
import io.millrace.resp.command.CommandContext;
import io.millrace.resp.keyspace.Key;
import io.millrace.resp.keyspace.Kinds;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.Numbers;
import io.millrace.resp.type.SetValue;
import io.millrace.resp.type.ZSetKey;
import io.millrace.resp.type.ZSetValue;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The source keys and options of the commands that combine sorted sets, and what they yield. */
final class ZSources {
  enum Operation {
    UNION,
    INTERSECTION,
    DIFFERENCE
  }

  /** What is done with the result; decides which options there are. */
  enum Form {
    ANSWER,
    STORE,
    CARD
  }

  private enum Aggregate {
    SUM,
    MIN,
    MAX;

    double of(double a, double b) {
      return switch (this) {
        case SUM -> orZero(a + b);
        case MIN -> Math.min(a, b);
        case MAX -> Math.max(a, b);
      };
    }
  }

  /** A member of the result. */
  record Scored(byte[] member, double score) {}

  /** A source: a sorted set, or a set whose members have score 1. */
  private static final class Source {
    final ZSetValue scored = new ZSetValue();
    final SetValue plain = new SetValue();
    boolean isScored;
    double weight = 1;

    long size() {
      return isScored ? scored.size() : plain.size();
    }

    /** Weighted score of a member, or NaN when it is not there. */
    double score(byte[] member) {
      if (isScored) {
        return scored.find(member, 0, member.length) ? weighted(scored.score()) : Double.NaN;
      }
      return plain.contains(member, 0, member.length) ? weighted(1) : Double.NaN;
    }

    double weighted(double score) {
      return orZero(weight * score);
    }

    List<Scored> all() {
      List<Scored> all = new ArrayList<>();
      Cursor cursor = isScored ? scored.order().newCursor() : plain.tree().newCursor();
      int skip = isScored ? ZSetKey.SCORE : SetValue.HASH;
      for (boolean on = cursor.seekFirst(); on; on = cursor.next()) {
        int end = cursor.keyOffset() + cursor.keyLength();
        byte[] member = Arrays.copyOfRange(cursor.array(), cursor.keyOffset() + skip, end);
        all.add(new Scored(member, weighted(isScored ? ZSetKey.score(cursor) : 1)));
      }
      return all;
    }
  }

  private static final Comparator<Scored> ORDER =
      (a, b) -> {
        int byScore = a.score < b.score ? -1 : a.score > b.score ? 1 : 0;
        return byScore != 0 ? byScore : Arrays.compareUnsigned(a.member, b.member);
      };

  private final List<Source> pool = new ArrayList<>();
  private final List<@Nullable Source> sources = new ArrayList<>();
  private Aggregate aggregate = Aggregate.SUM;
  private boolean withScores;
  private long limit;

  boolean withScores() {
    return withScores;
  }

  long limit() {
    return limit;
  }

  private static double orZero(double value) {
    return Double.isNaN(value) ? 0 : value;
  }

  /** Opens the keys and reads the options behind them. */
  void read(CommandContext ctx, Args args, int at, Form form, Operation operation) {
    sources.clear();
    aggregate = Aggregate.SUM;
    withScores = false;
    limit = 0;
    long keys = args.integer(at);
    if (keys < 1) {
      throw CommandException.error(
          "at least 1 input key is needed for '" + name(args) + "' command");
    }
    if (keys > args.count() - at - 1) {
      throw CommandException.SYNTAX;
    }
    int n = (int) keys;
    for (int i = 0; i < n; i++) {
      sources.add(open(ctx.read(i + 1, args, at + 1 + i), i));
    }
    options(args, at + 1 + n, n, form, operation);
  }

  private static String name(Args args) {
    return args.latin(0).toLowerCase(java.util.Locale.ROOT);
  }

  private @Nullable Source open(Key key, int i) {
    if (pool.size() <= i) {
      pool.add(new Source());
    }
    Source source = pool.get(i);
    source.weight = 1;
    if (!key.found()) {
      return null;
    }
    source.isScored = key.ref.kind >>> 2 == Kinds.ZSET >>> 2;
    if (source.isScored) {
      source.scored.open(key);
    } else {
      key.require(Kinds.SET);
      source.plain.open(key);
    }
    return source;
  }

  private void options(Args args, int from, int keys, Form form, Operation operation) {
    boolean weighted = operation != Operation.DIFFERENCE && form != Form.CARD;
    for (int i = from; i < args.count(); i++) {
      int left = args.count() - i;
      if (weighted && left > keys && args.is(i, "WEIGHTS")) {
        weights(args, i + 1, keys);
        i += keys;
      } else if (weighted && left >= 2 && args.is(i, "AGGREGATE")) {
        aggregate = aggregate(args, ++i);
      } else if (form == Form.ANSWER && args.is(i, "WITHSCORES")) {
        withScores = true;
      } else if (form == Form.CARD && left >= 2 && args.is(i, "LIMIT")) {
        limit = limit(args, ++i);
      } else {
        throw CommandException.SYNTAX;
      }
    }
  }

  private static long limit(Args args, int i) {
    if (!args.isInteger(i) || args.integer(i) < 0) {
      throw CommandException.error("LIMIT can't be negative");
    }
    return args.integer(i);
  }

  private void weights(Args args, int from, int keys) {
    for (int i = 0; i < keys; i++) {
      try {
        pool.get(i).weight =
            Numbers.parseDouble(args.array(), args.offset(from + i), args.length(from + i));
      } catch (CommandException notANumber) {
        throw CommandException.error("weight value is not a float");
      }
    }
  }

  private static Aggregate aggregate(Args args, int i) {
    for (Aggregate one : Aggregate.values()) {
      if (args.is(i, one.name())) {
        return one;
      }
    }
    throw CommandException.SYNTAX;
  }

  /** The result in order of score and member. */
  List<Scored> compute(Operation operation) {
    List<Scored> result =
        switch (operation) {
          case UNION -> union();
          case INTERSECTION -> intersection();
          case DIFFERENCE -> difference();
        };
    result.sort(ORDER);
    return result;
  }

  /** Sources by size, as Redis adds them up: it decides how sums are rounded. */
  private List<Source> present() {
    List<Source> present = new ArrayList<>();
    for (Source source : sources) {
      if (source != null) {
        present.add(source);
      }
    }
    present.sort(Comparator.comparingLong(Source::size));
    return present;
  }

  private List<Scored> union() {
    Map<ByteBuffer, Scored> all = new HashMap<>();
    for (Source source : present()) {
      for (Scored one : source.all()) {
        all.merge(
            ByteBuffer.wrap(one.member),
            one,
            (a, b) -> new Scored(a.member, aggregate.of(a.score, b.score)));
      }
    }
    return new ArrayList<>(all.values());
  }

  private List<Scored> intersection() {
    List<Scored> result = new ArrayList<>();
    List<Source> present = present();
    if (present.size() < sources.size()) {
      return result;
    }
    for (Scored one : present.getFirst().all()) {
      double score = one.score;
      boolean everywhere = true;
      for (int i = 1; i < present.size() && everywhere; i++) {
        double other = present.get(i).score(one.member);
        everywhere = !Double.isNaN(other);
        score = everywhere ? aggregate.of(score, other) : score;
      }
      if (everywhere) {
        result.add(new Scored(one.member, score));
      }
    }
    return result;
  }

  private List<Scored> difference() {
    List<Scored> result = new ArrayList<>();
    Source first = sources.getFirst();
    if (first == null) {
      return result;
    }
    for (Scored one : first.all()) {
      boolean elsewhere = false;
      for (int i = 1; i < sources.size() && !elsewhere; i++) {
        Source other = sources.get(i);
        elsewhere = other != null && !Double.isNaN(other.score(one.member));
      }
      if (!elsewhere) {
        result.add(one);
      }
    }
    return result;
  }
}
