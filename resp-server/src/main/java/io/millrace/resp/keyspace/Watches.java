package io.millrace.resp.keyspace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who watches which key. All calls are made with the execution lock held. */
public final class Watches {
  /** One who wants to know that a key was changed. */
  public interface Watcher {
    /** A watched key was changed by somebody. */
    void touched();
  }

  /** A watched key. */
  public static final class Name {
    private final int database;
    private final byte[] bytes;

    /** Names a key. */
    public Name(int database, byte[] bytes) {
      this.database = database;
      this.bytes = bytes;
    }

    /** Database. */
    public int database() {
      return database;
    }

    /** Key bytes. */
    public byte[] bytes() {
      return bytes;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Name name
          && name.database == database
          && Arrays.equals(name.bytes, bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes) * 31 + database;
    }
  }

  private final Map<Name, List<Watcher>> watchers = new HashMap<>();

  /** Number of watched keys. */
  public int size() {
    return watchers.size();
  }

  /** Begins to watch. */
  public void add(Name name, Watcher watcher) {
    watchers.computeIfAbsent(name, n -> new ArrayList<>(1)).add(watcher);
  }

  /** Stops watching. */
  public void remove(Name name, Watcher watcher) {
    var list = watchers.get(name);
    if (list != null) {
      list.remove(watcher);
      if (list.isEmpty()) {
        watchers.remove(name);
      }
    }
  }

  void touched(Key key) {
    if (!watchers.isEmpty()) {
      notify(new Name(key.database().index(), key.bytes()));
    }
  }

  void touched(int database, byte[] key) {
    if (!watchers.isEmpty()) {
      notify(new Name(database, key));
    }
  }

  private void notify(Name name) {
    var list = watchers.get(name);
    if (list != null) {
      list.forEach(Watcher::touched);
    }
  }

  /** Tells the watchers of a database for which {@code exists} answers true. */
  void flushed(int database, java.util.function.Predicate<Name> exists) {
    for (var entry : watchers.entrySet()) {
      if (entry.getKey().database() == database && exists.test(entry.getKey())) {
        entry.getValue().forEach(Watcher::touched);
      }
    }
  }
}
