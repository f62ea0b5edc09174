package io.millrace.engine.internal.log;

/**
 * A record in bytes: a varint length of all that follows, one byte that says which optional parts
 * are present, then varints for depot, partition, offset, time, type and version, the optional
 * parts in the order of their bits, and the body up to the end.
 */
public final class RecordFormat {
  static final int HAS_FLAGS = 1;
  static final int HAS_PARTICIPANTS = 1 << 1;
  static final int ALL_TASKS = 1 << 2;
  static final int HAS_CAUSE = 1 << 3;
  static final int HAS_SEED = 1 << 4;
  static final int HAS_KEY = 1 << 5;
  static final int HAS_TRACE = 1 << 6;
  static final int KNOWN = (1 << 7) - 1;

  /** Longest varint of an int, and of a long. */
  static final int MAX_INT = 5;

  public static final int MAX_LONG = 10;

  /** Upper bound of the fixed part: length, presence, six varints, flags, cause, seed, lengths. */
  static final int MAX_FIXED = MAX_INT + 1 + 4 * MAX_INT + 2 * MAX_LONG + 1 + 35 + 8 + 15;

  private RecordFormat() {}

  /** Number of bytes of {@code value} as an unsigned varint. */
  static int sizeOf(long value) {
    return value == 0 ? 1 : (70 - Long.numberOfLeadingZeros(value)) / 7;
  }
}
