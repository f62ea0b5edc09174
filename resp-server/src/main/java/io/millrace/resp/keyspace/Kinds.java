package io.millrace.resp.keyspace;

/**
 * Kind tags of keyspace entries. Four tags per type, so the type is {@code kind >>> 2}; the tag
 * also is the version of the value's layout.
 */
public final class Kinds {
  /** A string that is an integer, short or long by its content. */
  public static final int STRING = 0;

  /** A string that was made as text: never an integer to OBJECT ENCODING. */
  public static final int STRING_TEXT = 1;

  /** A string changed in place: always raw to OBJECT ENCODING. */
  public static final int STRING_RAW = 2;

  /** First tag of hashes. */
  public static final int HASH = 4;

  /** First tag of lists. */
  public static final int LIST = 8;

  /** First tag of sets. */
  public static final int SET = 12;

  /** First tag of sorted sets. */
  public static final int ZSET = 16;

  /** First tag of streams. */
  public static final int STREAM = 20;

  /** Number of types. */
  public static final int TYPES = 6;

  private Kinds() {}

  /** Index of the type of a kind. */
  public static int type(int kind) {
    return kind >>> 2;
  }
}
