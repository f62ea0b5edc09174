package io.millrace.engine.state;

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
