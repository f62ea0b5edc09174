package io.millrace.engine.state;

import org.jspecify.annotations.Nullable;

/**
 * A reusable cursor over one entry: where its value bytes are, and its attributes. The public
 * fields are filled by {@link ReadView#find} and the {@link TaskState} methods; callers read them,
 * and may change bytes in place only after {@link TaskState#edit}.
 *
 * <p>A filled Ref stays valid until its own entry is resized, replaced or removed, or until the end
 * of the execution, whichever comes first. Changes to other entries do not move it.
 */
@HotPath(benchmark = "StoreBenchmark")
public final class Ref {
  private static final int FIRST_ROOM = 10 << 10;

  /** Array that holds the value; shared with other entries, never keep it past the execution. */
  public byte[] array = EMPTY;

  /** Index in {@link #array} of the first value byte. */
  public int offset;

  /** Number of value bytes. */
  public int length;

  /** Type tag chosen by the owner of the space, 0..63. */
  public int kind;

  /** Deadline in milliseconds since the epoch, or 0 for none. */
  public long expireAtMs;

  /** Index in {@link #array} of the first key byte, or -1 where the key is not at hand. */
  public int keyOffset;

  /** Number of key bytes. */
  public int keyLength;

  /** Space of the entry. */
  public int space;

  /** Hash the entry was stored under. */
  public long hash;

  /** Address inside the store; meaningful to the store only. 0 = not filled. */
  public int handle;

  private static final byte[] EMPTY = new byte[0];
  private byte @Nullable [] buffer;
  private boolean reuses;

  /**
   * From now on views that give copies put them where the last one was. For readers of many
   * entries, one after the other, that look at each only until they fill this again.
   */
  public void reuseCopies() {
    reuses = true;
  }

  /** An array for a copy of so many bytes; may be longer. */
  public byte[] room(int bytes) {
    if (!reuses) {
      return new byte[bytes];
    }
    byte[] mine = buffer;
    if (mine == null || mine.length < bytes) {
      mine = new byte[Math.max(bytes + (bytes >> 2), FIRST_ROOM)];
      buffer = mine;
    }
    return mine;
  }

  /** Returns a copy of the value bytes. */
  public byte[] copyValue() {
    byte[] copy = new byte[length];
    System.arraycopy(array, offset, copy, 0, length);
    return copy;
  }

  /** Returns a copy of the key bytes. */
  public byte[] copyKey() {
    byte[] copy = new byte[keyLength];
    System.arraycopy(array, keyOffset, copy, 0, keyLength);
    return copy;
  }
}
