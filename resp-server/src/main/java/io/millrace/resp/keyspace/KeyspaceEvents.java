package io.millrace.resp.keyspace;

import java.util.ArrayList;
import java.util.List;

/**
 * What happened to keys that somebody outside wants to know: events, for those who listen to them,
 * and changed names, for those who keep copies. Collected while a command runs and taken once its
 * record is in the journal. While nobody wants anything, a change costs one comparison. Used with
 * the execution lock held.
 */
public final class KeyspaceEvents {
  /** Commands on any type. */
  public static final int GENERIC = 1;

  /** Strings. */
  public static final int STRING = 1 << 1;

  /** Lists. */
  public static final int LIST = 1 << 2;

  /** Sets. */
  public static final int SET = 1 << 3;

  /** Hashes. */
  public static final int HASH = 1 << 4;

  /** Sorted sets. */
  public static final int ZSET = 1 << 5;

  /** Streams. */
  public static final int STREAM = 1 << 6;

  /** Keys whose time was up. */
  public static final int EXPIRED = 1 << 7;

  /** Keys that made room. */
  public static final int EVICTED = 1 << 8;

  /** Keys that were read and are not there. */
  public static final int KEY_MISS = 1 << 9;

  /** Keys that were made. */
  public static final int NEW = 1 << 10;

  /** Published by the channel of the key. */
  public static final int BY_KEY = 1 << 11;

  /** Published by the channel of the event. */
  public static final int BY_EVENT = 1 << 12;

  /**
   * An event of a key.
   *
   * @param name what happened
   * @param database where
   * @param key to which key
   */
  public record Event(String name, int database, byte[] key) {}

  private final List<Event> events = new ArrayList<>();
  private final List<byte[]> changed = new ArrayList<>();
  private int wanted;
  private boolean tracked;
  private boolean flushed;
  private boolean pending;

  /** Chooses the classes of events to collect; 0 for none. */
  public void want(int classes) {
    wanted = classes;
  }

  /** Chooses whether names of changed keys are collected. */
  public void track(boolean on) {
    tracked = on;
  }

  /** True when something was collected. */
  public boolean pending() {
    return pending;
  }

  /** Events in order. */
  public List<Event> events() {
    return events;
  }

  /** Names of changed keys in order; taken, so that each is told of once. */
  public List<byte[]> takeChanged() {
    if (changed.isEmpty()) {
      return List.of();
    }
    var taken = List.copyOf(changed);
    changed.clear();
    return taken;
  }

  /** True when whole databases were emptied. */
  public boolean flushed() {
    return flushed;
  }

  /** Forgets what was collected: it was taken, or did not happen. */
  public void clear() {
    if (pending) {
      pending = false;
      flushed = false;
      events.clear();
      changed.clear();
    }
  }

  void event(int type, String name, Key key) {
    if ((wanted & type) != 0) {
      add(name, key.database().index(), key.bytes());
    }
  }

  void event(int type, String name, int database, byte[] key) {
    if ((wanted & type) != 0) {
      add(name, database, key);
    }
  }

  private void add(String name, int database, byte[] key) {
    pending = true;
    events.add(new Event(name, database, key));
  }

  void changed(Key key) {
    if (tracked) {
      changed(key.bytes());
    }
  }

  void changed(byte[] key) {
    if (tracked) {
      pending = true;
      changed.add(key);
    }
  }

  void flush() {
    if (tracked) {
      pending = true;
      flushed = true;
    }
  }
}
