package io.millrace.resp.server;

import io.millrace.resp.command.spec.CommandSpec;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.session.Session;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The newest slow commands. */
public final class SlowLog {
  private static final int MAX_ARGUMENTS = 32;
  private static final int MAX_TEXT = 128;

  private final Deque<Entry> entries = new ArrayDeque<>();
  private long nextId;

  /**
   * One slow command.
   *
   * @param id number, rising
   * @param seconds when, in seconds since the epoch
   * @param micros how long it took
   * @param arguments its words, shortened
   * @param address client
   * @param name name of the client
   */
  public record Entry(
      long id, long seconds, long micros, List<String> arguments, String address, String name) {}

  /** Adds a command. */
  public void add(
      CommandSpec spec, Args args, long micros, long nowMs, Session session, int capacity) {
    if (capacity <= 0) {
      return;
    }
    var words = new ArrayList<String>();
    var secrets = Secrets.of(spec, args);
    int shown = Math.min(args.count(), MAX_ARGUMENTS);
    for (int i = 0; i < shown; i++) {
      if (i == MAX_ARGUMENTS - 1 && args.count() > MAX_ARGUMENTS) {
        words.add("... (" + (args.count() - MAX_ARGUMENTS + 1) + " more arguments)");
        break;
      }
      var text = secrets.contains(i) ? Secrets.SHOWN : args.latin(i);
      int more = text.length() - MAX_TEXT;
      words.add(more > 0 ? text.substring(0, MAX_TEXT) + "... (" + more + " more bytes)" : text);
    }
    entries.addFirst(
        new Entry(nextId++, nowMs / 1000, micros, words, session.address(), session.name()));
    while (entries.size() > capacity) {
      entries.removeLast();
    }
  }

  /** Entries, newest first. */
  public Iterable<Entry> entries() {
    return entries;
  }

  /** Number of entries. */
  public int size() {
    return entries.size();
  }

  /** Removes all entries. */
  public void clear() {
    entries.clear();
  }
}
