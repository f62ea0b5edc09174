package io.millrace.resp.differential;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The part of {@link Differences} about what a server says of itself. */
final class ServerFacts {
  private static final Set<String> OWN_FACTS =
      Set.of(
          "info",
          "time",
          "lastsave",
          "role",
          "client|id",
          "client|info",
          "client|list",
          "slowlog|get",
          "slowlog|len",
          "memory|usage",
          "memory|stats",
          "memory|doctor",
          "memory|malloc-stats",
          "latency|doctor",
          "lolwut",
          "latency|histogram",
          "object|idletime");
  private static final Set<String> CATALOGUE =
      Set.of("command", "command|count", "command|docs", "command|info", "command|list");
  private static final Set<String> NEWER = Set.of("client|no-touch", "client|setinfo", "waitaof");
  private static final Set<String> SAVES = Set.of("save", "bgsave", "bgrewriteaof");

  private ServerFacts() {}

  static boolean same(List<String> command, Reply redis, Reply ours) {
    String name = Coverage.name(command);
    if (OWN_FACTS.contains(name)) {
      // 10. Its memory, time, clients and durations are each server's own; the kind is compared.
      return kind(redis).equals(kind(ours));
    }
    if (CATALOGUE.contains(name)) {
      // 11. Redis 7.0 and Millrace list different commands; the kind is compared.
      return kind(redis).equals(kind(ours));
    }
    if (name.endsWith("|help")) {
      // 12. Help is in each server's own words.
      return kind(redis).equals(kind(ours));
    }
    if (NEWER.contains(name)) {
      // 8. Words and checks of 7.2 that the peer, 7.0, does not know.
      return isError(redis);
    }
    if (isError(ours) && ((Reply.Text) ours).value().equals("ERR timeout is out of range")) {
      return isError(redis) && ((Reply.Text) redis).value().equals("ERR timeout is negative");
    }
    if (SAVES.contains(name)) {
      // 13. Whether a background save is under way at this moment.
      return underWay(redis) || underWay(ours);
    }
    if (name.equals("hello")) {
      // 14. The greeting names server, version and connection; the protocol is compared.
      return redis instanceof Reply.Many a
          && ours instanceof Reply.Many b
          && a.type() == b.type()
          && protocol(a).equals(protocol(b));
    }
    if (name.startsWith("pubsub|")) {
      // 15. The order of channels is not defined by Redis either.
      return redis instanceof Reply.Many a
          && ours instanceof Reply.Many b
          && a.type() == b.type()
          && a.sorted().equals(b.sorted());
    }
    if (name.equals("config|get")) {
      // 16. Settings are a map; their order is not defined.
      return redis instanceof Reply.Many a
          && ours instanceof Reply.Many b
          && a.type() == b.type()
          && a.sortedPairs().equals(b.sortedPairs());
    }
    return false;
  }

  private static boolean underWay(Reply reply) {
    return reply instanceof Reply.Text text
        && (text.value().toLowerCase(Locale.ROOT).contains("in progress")
            || text.value().contains("child process is active")
            || text.value().contains("scheduled"));
  }

  private static Reply protocol(Reply.Many greeting) {
    List<Reply> items = greeting.items();
    for (int at = 0; at + 1 < items.size(); at += 2) {
      if (items.get(at) instanceof Reply.Text text && text.value().equals("proto")) {
        return items.get(at + 1);
      }
    }
    return greeting;
  }

  private static boolean isError(Reply reply) {
    return reply instanceof Reply.Text text && text.type() == '-';
  }

  /** Type byte, and for errors their text. */
  private static String kind(Reply reply) {
    return switch (reply) {
      case Reply.Text text -> text.type() == '-' ? text.toString() : "" + text.type();
      case Reply.Null nil -> "" + nil.type();
      case Reply.Many many -> "" + many.type();
    };
  }
}
