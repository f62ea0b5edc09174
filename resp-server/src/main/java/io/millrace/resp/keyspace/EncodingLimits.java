package io.millrace.resp.keyspace;

import java.util.function.ToLongFunction;

/**
 * Up to where OBJECT ENCODING names a value's compact form. Names only: how a value is laid out
 * does not depend on settings. Changed with the execution lock held.
 */
public final class EncodingLimits {
  private static final int SAFE_LIST_BYTES = 8192;
  private static final int SMALLEST_LIST_BYTES = 4096;
  private static final int LARGEST_LIST_STEP = 5;

  private long hashEntries = 512;
  private long hashValue = 64;
  private long setIntegers = 512;
  private long setEntries = 128;
  private long setValue = 64;
  private long zsetEntries = 128;
  private long zsetValue = 64;
  private long listSize = -2;

  /** Limits with their defaults. */
  public EncodingLimits() {}

  /** Takes the limits from settings, which are asked by name. */
  public void read(ToLongFunction<String> settings) {
    hashEntries = settings.applyAsLong("hash-max-listpack-entries");
    hashValue = settings.applyAsLong("hash-max-listpack-value");
    setIntegers = settings.applyAsLong("set-max-intset-entries");
    setEntries = settings.applyAsLong("set-max-listpack-entries");
    setValue = settings.applyAsLong("set-max-listpack-value");
    zsetEntries = settings.applyAsLong("zset-max-listpack-entries");
    zsetValue = settings.applyAsLong("zset-max-listpack-value");
    listSize = settings.applyAsLong("list-max-listpack-size");
  }

  /** Fields of a hash that is a listpack. */
  public long hashEntries() {
    return hashEntries;
  }

  /** Longest field or value of a hash that is a listpack. */
  public long hashValue() {
    return hashValue;
  }

  /** Members of a set that is an intset. */
  public long setIntegers() {
    return setIntegers;
  }

  /** Members of a set that is a listpack. */
  public long setEntries() {
    return setEntries;
  }

  /** Longest member of a set that is a listpack. */
  public long setValue() {
    return setValue;
  }

  /** Members of a sorted set that is a listpack. */
  public long zsetEntries() {
    return zsetEntries;
  }

  /** Longest member of a sorted set that is a listpack. */
  public long zsetValue() {
    return zsetValue;
  }

  /** Elements of a list that is a listpack. */
  public long listEntries() {
    return listSize >= 0 ? listSize : Long.MAX_VALUE;
  }

  /** Bytes of a list that is a listpack. */
  public long listBytes() {
    if (listSize >= 0) {
      return SAFE_LIST_BYTES;
    }
    return (long) SMALLEST_LIST_BYTES << Math.min(-listSize, LARGEST_LIST_STEP) - 1;
  }
}
