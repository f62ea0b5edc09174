package io.millrace.engine.internal.runtime;

import io.millrace.engine.state.EntryVisitor;
import io.millrace.engine.state.KeyHash;
import io.millrace.engine.state.Ref;
import io.millrace.engine.state.TaskState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Entries of the system space, the first of every directory: names, and what waits for modules. */
public final class SystemSpace {
  /** Column family of the system space. */
  public static final int FAMILY = 1;

  /** The system space. */
  static final int SPACE = 0;

  private final long hashSeed;
  private final Ref ref = new Ref();

  SystemSpace(long hashSeed) {
    this.hashSeed = hashSeed;
  }

  /** An entry. */
  record Entry(byte[] key, byte[] value) {
    String keyText() {
      return new String(key, StandardCharsets.UTF_8);
    }

    String valueText() {
      return new String(value, StandardCharsets.UTF_8);
    }
  }

  void put(TaskState task, byte[] key, byte[] value) {
    task.put(SPACE, key, 0, key.length, hash(key), 0, 0, value, 0, value.length, ref);
  }

  void put(TaskState task, String key, String value) {
    put(task, bytes(key), bytes(value));
  }

  byte @Nullable [] get(TaskState task, byte[] key) {
    return task.find(SPACE, key, 0, key.length, hash(key), ref) ? ref.copyValue() : null;
  }

  void remove(TaskState task, byte[] key) {
    if (task.find(SPACE, key, 0, key.length, hash(key), ref)) {
      task.remove(ref);
    }
  }

  void remove(TaskState task, String key) {
    remove(task, bytes(key));
  }

  /** All entries whose keys do not begin with a prefix; in no order. */
  List<Entry> allBut(TaskState task, byte[] prefix) {
    List<Entry> found = new ArrayList<>();
    EntryVisitor collect =
        entry -> {
          if (!begins(entry, prefix)) {
            found.add(new Entry(entry.copyKey(), entry.copyValue()));
          }
          return true;
        };
    task.scan(SPACE, 0, -1L, collect);
    return found;
  }

  /** Keys that begin with a prefix; in no order. */
  List<byte[]> keys(TaskState task, byte[] prefix) {
    List<byte[]> found = new ArrayList<>();
    EntryVisitor collect =
        entry -> {
          if (begins(entry, prefix)) {
            found.add(entry.copyKey());
          }
          return true;
        };
    task.scan(SPACE, 0, -1L, collect);
    return found;
  }

  private static boolean begins(Ref entry, byte[] prefix) {
    int end = entry.keyOffset + prefix.length;
    return entry.keyLength >= prefix.length
        && Arrays.equals(entry.array, entry.keyOffset, end, prefix, 0, prefix.length);
  }

  private long hash(byte[] key) {
    return KeyHash.hash(key, 0, key.length, hashSeed);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
