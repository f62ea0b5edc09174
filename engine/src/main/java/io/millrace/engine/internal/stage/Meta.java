package io.millrace.engine.internal.stage;

import io.millrace.engine.state.KeyHash;
import io.millrace.engine.state.ReadView;
import io.millrace.engine.state.Ref;
import io.millrace.engine.state.TaskState;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Entries of a module's system space: what its topologies keep besides pstates. */
public final class Meta {
  /** First byte of keys of waiting stages. */
  public static final int WAITING = 'w';

  /** First byte of keys of stopped topologies. */
  public static final int STOP = 's';

  /** First byte of keys of stages that wait for a resume. */
  public static final int PARKED = 'p';

  /** First byte of keys of dead letters. */
  public static final int DEAD = 'd';

  /** First byte of keys of idempotency keys. */
  public static final int IDEMPOTENCY = 'i';

  /** First byte of keys of the ring of idempotency keys, oldest first. */
  public static final int RING = 'r';

  /** The key of the next id of a task. */
  private static final byte[] NEXT_ID = {'n'};

  private final int space;
  private final long hashSeed;
  private final Ref ref = new Ref();

  public Meta(int space, long hashSeed) {
    this.space = space;
    this.hashSeed = hashSeed;
  }

  /** An entry found by {@link #scan}. */
  public record Found(byte[] key, byte[] value, long expireAtMs) {}

  public int space() {
    return space;
  }

  /** A key: kind, name, zero, number. */
  public static byte[] key(int kind, String name, long number) {
    var text = name.getBytes(StandardCharsets.UTF_8);
    var key = new byte[text.length + 10];
    key[0] = (byte) kind;
    System.arraycopy(text, 0, key, 1, text.length);
    for (var i = 0; i < 8; i++) {
      key[key.length - 1 - i] = (byte) (number >>> (8 * i));
    }
    return key;
  }

  /** The name inside a key made by {@link #key}. */
  public static String name(byte[] key) {
    return new String(key, 1, key.length - 10, StandardCharsets.UTF_8);
  }

  /** The number inside a key made by {@link #key}. */
  public static long number(byte[] key) {
    var number = 0L;
    for (var i = key.length - 8; i < key.length; i++) {
      number = number << 8 | key[i] & 0xFF;
    }
    return number;
  }

  public byte @Nullable [] get(ReadView task, byte[] key) {
    return find(task, key) ? ref.copyValue() : null;
  }

  /** Deadline of the entry found last. */
  public long foundExpiry() {
    return ref.expireAtMs;
  }

  private boolean find(ReadView task, byte[] key) {
    return task.find(space, key, 0, key.length, hash(key), ref);
  }

  private long hash(byte[] key) {
    return KeyHash.hash(key, 0, key.length, hashSeed);
  }

  /**
   * An id that the module has never given on a task. Counted as an entry, so that it is undone with
   * the stage that took it.
   *
   * @param first where the count begins; -1 to take it from the counter all modules share
   */
  public long newId(TaskState task, long first) {
    if (first < 0) {
      return task.newId();
    }
    var next = get(task, NEXT_ID);
    var id = next == null ? first : ByteBuffer.wrap(next).getLong();
    put(task, NEXT_ID, ByteBuffer.allocate(Long.BYTES).putLong(id + 1).array(), 0);
    return id;
  }

  public void put(TaskState task, byte[] key, byte[] value, long expireAtMs) {
    task.put(space, key, 0, key.length, hash(key), 0, expireAtMs, value, 0, value.length, null);
  }

  public void remove(TaskState task, byte[] key) {
    if (find(task, key)) {
      task.remove(ref);
    }
  }

  /** Entries of one kind, in key order. */
  public List<Found> scan(TaskState task, int kind) {
    var found = new ArrayList<Found>();
    task.scan(
        space,
        0,
        -1L,
        entry -> {
          if (entry.keyLength > 0 && entry.array[entry.keyOffset] == (byte) kind) {
            found.add(new Found(entry.copyKey(), entry.copyValue(), entry.expireAtMs));
          }
          return true;
        });
    found.sort((a, b) -> Arrays.compareUnsigned(a.key, b.key));
    return found;
  }

  /** Hash of all entries that a fold determines; those expired at a stamp are left out. */
  public long digest(TaskState task, long stampMs) {
    var sum = new long[1];
    task.scan(
        space,
        0,
        -1L,
        entry -> {
          var kind = entry.array[entry.keyOffset];
          var expired = entry.expireAtMs != 0 && entry.expireAtMs <= stampMs;
          if (kind != (byte) RING && !expired) {
            var key = KeyHash.hash(entry.array, entry.keyOffset, entry.keyLength, 1);
            var value = KeyHash.hash(entry.array, entry.offset, entry.length, key);
            sum[0] += value ^ entry.expireAtMs;
          }
          return true;
        });
    return sum[0];
  }
}
