package io.millrace.resp.differential;

import java.util.List;
import java.util.Locale;

/**
 * Decides whether two replies say the same. Everything beyond byte equality is listed here, each
 * with its reason; this is the written list of differences.
 */
final class Differences {
  private Differences() {}

  /** True when the replies to a command may both be given. */
  static boolean same(List<String> command, Reply redis, Reply ours) {
    if (redis.equals(ours)) {
      return true;
    }
    if (redis instanceof Reply.Many a && ours instanceof Reply.Many b) {
      return sameMany(command, a, b);
    }
    String name = command.get(0).toUpperCase(Locale.ROOT);
    return switch (name) {
      // 1. Time goes on between the two servers.
      case "TTL" -> near(redis, ours, 2);
      // 9. In the very millisecond of its deadline a key lives in Redis and has expired here.
      case "PTTL" -> near(redis, ours, 2_000) || inTheMillisecond(redis, ours);
      case "EXPIRETIME" -> near(redis, ours, 2);
      case "PEXPIRETIME" -> near(redis, ours, 2_000);
      // 2. Which key is random; that there is one, or none, is compared.
      case "RANDOMKEY" -> redis.getClass() == ours.getClass();
      // 3. Small lists and sets of words are listpacks since 7.2, the peer's are not; and who
      // shares a small number is Redis's own affair.
      // 19. SORT in Redis makes a skiplist of a small sorted set while it reads it; here nothing
      // that reads changes a value.
      case "OBJECT" ->
          isListpack(ours) && (isLarge(redis) || isSkiplist(redis))
              || command.get(1).equalsIgnoreCase("REFCOUNT") && bothText(redis, ours)
              || ServerFacts.same(command, redis, ours);
      // 6. Redis counts expired keys until it looks at them; Millrace counts those that live.
      case "DBSIZE" -> notMore(redis, ours);
      // 7. Which member is random; that there is one, or none, is compared.
      case "SRANDMEMBER", "ZRANDMEMBER", "HRANDFIELD", "SPOP" ->
          redis.getClass() == ours.getClass();
      // 8. Words of 7.2 that the peer, 7.0, does not know.
      case "ZRANK", "ZREVRANK" -> command.size() == 4 && bothText(redis, ours);
      // 18. A payload has fields and members in the order of each server; RESTORE is compared.
      case "DUMP" -> command.size() == 2 && bothText(redis, ours);
      default -> ServerFacts.same(command, redis, ours);
    };
  }

  /** True when both hold the same confirmations in any order, their counts aside. */
  static boolean sameNames(List<Reply> redis, List<Reply> ours) {
    return names(redis).equals(names(ours));
  }

  private static List<String> names(List<Reply> replies) {
    return replies.stream()
        .map(r -> r instanceof Reply.Many m ? m.items().subList(0, 2).toString() : r.toString())
        .sorted()
        .toList();
  }

  private static boolean inTheMillisecond(Reply redis, Reply ours) {
    return redis instanceof Reply.Text x
        && ours instanceof Reply.Text y
        && y.value().equals("-2")
        && (x.value().equals("0") || x.value().equals("1"));
  }

  private static boolean isListpack(Reply ours) {
    return ours instanceof Reply.Text text && text.value().equals("listpack");
  }

  private static boolean isLarge(Reply redis) {
    return redis instanceof Reply.Text text
        && (text.value().equals("quicklist") || text.value().equals("hashtable"));
  }

  private static boolean isSkiplist(Reply redis) {
    return redis instanceof Reply.Text text && text.value().equals("skiplist");
  }

  private static boolean notMore(Reply redis, Reply ours) {
    return redis instanceof Reply.Text x
        && ours instanceof Reply.Text y
        && x.type() == ':'
        && y.type() == ':'
        && Long.parseLong(y.value()) <= Long.parseLong(x.value());
  }

  private static boolean bothText(Reply a, Reply b) {
    return a instanceof Reply.Text x && b instanceof Reply.Text y && x.type() == y.type();
  }

  private static boolean near(Reply a, Reply b, long tolerance) {
    return a instanceof Reply.Text x
        && b instanceof Reply.Text y
        && x.type() == ':'
        && y.type() == ':'
        && Long.parseLong(x.value()) > 0
        && Long.parseLong(y.value()) > 0
        && Math.abs(Long.parseLong(x.value()) - Long.parseLong(y.value())) <= tolerance;
  }

  private static boolean sameMany(List<String> command, Reply.Many redis, Reply.Many ours) {
    if (ServerFacts.same(command, redis, ours)) {
      return true;
    }
    if (redis.type() != ours.type() || redis.items().size() != ours.items().size()) {
      return false;
    }
    String name = command.get(0).toUpperCase(Locale.ROOT);
    return switch (name) {
      // 4. The order of sets and hash fields is not defined by Redis either.
      case "SMEMBERS",
          "SUNION",
          "SINTER",
          "SDIFF",
          "KEYS",
          "HKEYS",
          "HVALS",
          "SPOP",
          "SRANDMEMBER",
          "ZRANDMEMBER" ->
          redis.sorted().equals(ours.sorted());
      case "HGETALL" -> redis.sortedPairs().equals(ours.sortedPairs());
      case "HRANDFIELD" ->
          redis.sorted().equals(ours.sorted()) || redis.sortedPairs().equals(ours.sortedPairs());
      // 17. Elements that SORT finds equal come in any order, and those of an unsorted set.
      case "SORT", "SORT_RO" ->
          (says(command, "ALPHA") || unsorted(command)) && sameButTies(command, redis, ours);
      // 5. Cursors are opaque; with a COUNT above the size, one call gives everything.
      case "SCAN" -> strangeCursor(command.get(1)) || sameScan(redis, ours, false);
      case "SSCAN" -> strangeCursor(command.get(2)) || sameScan(redis, ours, false);
      case "HSCAN", "ZSCAN" -> strangeCursor(command.get(2)) || sameScan(redis, ours, true);
      default -> false;
    };
  }

  private static boolean says(List<String> command, String word) {
    return command.stream().anyMatch(word::equalsIgnoreCase);
  }

  /** BY a pattern without an asterisk does not sort, whatever the word is. */
  private static boolean unsorted(List<String> command) {
    for (int i = 2; i + 1 < command.size(); i++) {
      if (command.get(i).equalsIgnoreCase("BY") && !command.get(i + 1).contains("*")) {
        return true;
      }
    }
    return false;
  }

  private static boolean sameButTies(List<String> command, Reply.Many redis, Reply.Many ours) {
    return says(command, "LIMIT") || redis.sorted().equals(ours.sorted());
  }

  /** A cursor no server has given out: Redis says that what it returns is undefined. */
  private static boolean strangeCursor(String cursor) {
    return !cursor.equals("0");
  }

  private static boolean sameScan(Reply.Many redis, Reply.Many ours, boolean pairs) {
    if (!redis.items().get(0).equals(ours.items().get(0))) {
      return false;
    }
    return redis.items().get(1) instanceof Reply.Many a
        && ours.items().get(1) instanceof Reply.Many b
        && (pairs ? a.sortedPairs().equals(b.sortedPairs()) : a.sorted().equals(b.sorted()));
  }
}
