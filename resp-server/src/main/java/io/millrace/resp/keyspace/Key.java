package io.millrace.resp.keyspace;

import io.millrace.engine.state.HotPath;
import io.millrace.engine.state.KeyHash;
import io.millrace.engine.state.Ref;
import io.millrace.engine.state.TaskState;
import io.millrace.engine.tree.Slots;
import io.millrace.resp.protocol.CommandException;

/**
 * One key opened by a command: where it lives and, when it exists, its value. Reused; valid during
 * the command only. An entry whose deadline is at or below the stamp counts as missing; the first
 * write removes it.
 *
 * <p>Everything that changes the entry goes through this class or ends with {@link #changed}, so
 * watchers, deadlines and waiting clients learn of it.
 */
@HotPath(benchmark = "KeyspaceBenchmark")
public final class Key {
  /** The entry; filled when {@link #found}. */
  public final Ref ref = new Ref();

  private final Keyspace keyspace;
  private Database database;
  private TaskState task;
  private byte[] array = new byte[0];
  private int offset;
  private int length;
  private long hash;
  private boolean found;
  private boolean expired;
  private boolean replaces;

  Key(Keyspace keyspace, Database database, TaskState task) {
    this.keyspace = keyspace;
    this.database = database;
    this.task = task;
  }

  /** Number of the task that owns a key. */
  public static int taskOf(byte[] array, int offset, int length, int tasks) {
    return tasks == 1 ? 0 : Slots.task(Slots.slot(array, offset, length), tasks);
  }

  /** Points this cursor at a key and looks it up. */
  public void open(
      Database database, TaskState task, byte[] array, int offset, int length, long stampMs) {
    this.database = database;
    this.task = task;
    this.array = array;
    this.offset = offset;
    this.length = length;
    this.hash = KeyHash.hash(array, offset, length, keyspace.hashSeed());
    boolean present = task.find(database.entries, array, offset, length, hash, ref);
    expired = present && ref.expireAtMs != 0 && ref.expireAtMs <= stampMs;
    found = present && !expired;
    replaces = false;
  }

  /** True when the key exists. */
  public boolean found() {
    return found;
  }

  /** True when an entry is there whose time is up. */
  public boolean expired() {
    return expired;
  }

  /** Task that owns the key. */
  public TaskState task() {
    return task;
  }

  /** Database. */
  public Database database() {
    return database;
  }

  /** Array that holds the key bytes. */
  public byte[] array() {
    return array;
  }

  /** Index of the first key byte. */
  public int offset() {
    return offset;
  }

  /** Number of key bytes. */
  public int length() {
    return length;
  }

  /** Hash of the key bytes. */
  public long hash() {
    return hash;
  }

  /** Copy of the key bytes. */
  public byte[] bytes() {
    return java.util.Arrays.copyOfRange(array, offset, offset + length);
  }

  /** True when both point at the same key of the same database. */
  public boolean same(Key other) {
    return database == other.database
        && java.util.Arrays.equals(
            array, offset, offset + length, other.array, other.offset, other.offset + other.length);
  }

  /**
   * Refuses a value of another type.
   *
   * @param firstKind first kind tag of the wanted type
   * @return true when the key exists
   */
  public boolean require(int firstKind) {
    if (found && ref.kind >>> 2 != firstKind >>> 2) {
      throw CommandException.WRONG_TYPE;
    }
    return found;
  }

  /** Name that OBJECT ENCODING answers for an existing key. */
  public String encoding() {
    return type().encoding(task, database.pages(), ref);
  }

  /** The type of the value of an existing key. */
  public ValueType type() {
    return keyspace.type(ref.kind);
  }

  /** Inserts or replaces the whole value, with a deadline or 0. */
  public void put(int kind, long expireAtMs, byte[] value, int valueOffset, int valueLength) {
    boolean isNew = !found;
    if (expired) {
      keyspace.lapsed(this);
    }
    if (found || expired) {
      free();
      boolean had = ref.expireAtMs != 0;
      long before = ref.expireAtMs;
      task.replace(ref, kind, expireAtMs, value, valueOffset, valueLength);
      if (had || expireAtMs != 0) {
        keyspace.expiry().changed(this, before, expireAtMs);
      }
    } else {
      task.put(
          database.entries,
          array,
          offset,
          length,
          hash,
          kind,
          expireAtMs,
          value,
          valueOffset,
          valueLength,
          ref);
      if (expireAtMs != 0) {
        keyspace.expiry().changed(this, 0, expireAtMs);
      }
    }
    if (isNew) {
      keyspace.added(this, !replaces);
    }
    found = true;
    expired = false;
    replaces = false;
    changed();
  }

  /** Replaces the value of an existing key of the same type; the deadline stays. */
  public void update(int kind, byte[] value, int valueOffset, int valueLength) {
    task.replace(ref, kind, ref.expireAtMs, value, valueOffset, valueLength);
    changed();
  }

  /** Removes the key; true when it existed. */
  public boolean delete() {
    if (!found && !expired) {
      return false;
    }
    boolean existed = found;
    if (!existed) {
      keyspace.lapsed(this);
    }
    free();
    discard();
    if (existed) {
      changed();
    }
    return existed;
  }

  /** Removes the value in front of another one of the same key; true when it existed. */
  public boolean clear() {
    boolean existed = delete();
    replaces = existed;
    return existed;
  }

  /** Removes the key and says so; true when it existed. */
  public boolean deleteAloud() {
    boolean existed = delete();
    if (existed) {
      event(KeyspaceEvents.GENERIC, "del");
    }
    return existed;
  }

  /** Something happened to the key that is published to those who listen to its class. */
  public void event(int type, String name) {
    keyspace.signals().event(type, name, this);
  }

  /** Removes the entry but not what its value owns: its root has moved to another key. */
  public void discard() {
    if (ref.expireAtMs != 0) {
      keyspace.expiry().changed(this, ref.expireAtMs, 0);
    }
    task.remove(ref);
    found = false;
    expired = false;
  }

  /** Sets or clears (0) the deadline of an existing key. */
  public void expireAt(long expireAtMs) {
    long before = ref.expireAtMs;
    task.expireAt(ref, expireAtMs);
    keyspace.expiry().changed(this, before, expireAtMs);
    changed();
  }

  /** Renews the access clock of an existing key. */
  public void used() {
    keyspace.used(this);
  }

  /** Tells watchers that the value was changed in place. */
  public void changed() {
    keyspace.changed(this);
  }

  private void free() {
    if (ref.kind > Kinds.STRING_RAW) {
      keyspace.type(ref.kind).free(task, database, ref);
    }
  }
}
