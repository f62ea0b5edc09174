package io.millrace.engine.internal.codec;

import io.millrace.engine.state.HotPath;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads what {@link ByteWriter} wrote; refuses to read past its end. */
@HotPath(benchmark = "PathBenchmark")
public final class ByteReader {
  private final byte[] bytes;
  private final int end;
  private int at;

  /** Reads a range of an array. */
  public ByteReader(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    this.at = offset;
    this.end = offset + length;
  }

  /** The array read. */
  public byte[] array() {
    return bytes;
  }

  /** Index of the next byte. */
  public int position() {
    return at;
  }

  /** Bytes left. */
  public int remaining() {
    return end - at;
  }

  /** Skips bytes and returns the index of the first one skipped. */
  public int skip(int count) {
    if (count < 0 || count > end - at) {
      throw new MalformedException("value ends early");
    }
    var start = at;
    at += count;
    return start;
  }

  /** One byte. */
  public byte get() {
    return bytes[skip(1)];
  }

  /** 8 bytes, little-endian. */
  public long longLe() {
    return (long) ByteWriter.LONG_LE.get(bytes, skip(8));
  }

  /** Four bytes, the most significant first. */
  public int intBe() {
    var at = skip(4);
    return (bytes[at] & 0xFF) << 24
        | (bytes[at + 1] & 0xFF) << 16
        | (bytes[at + 2] & 0xFF) << 8
        | bytes[at + 3] & 0xFF;
  }

  /** 8 bytes, big-endian. */
  public long longBe() {
    return (long) ByteWriter.LONG_BE.get(bytes, skip(8));
  }

  /** An unsigned integer in 7-bit groups. */
  public long varint() {
    long value = 0;
    for (var shift = 0; shift < 64; shift += 7) {
      var b = get();
      value |= (b & 0x7FL) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw new MalformedException("integer too long");
  }

  /** A length or count, which cannot be more than the bytes left. */
  public int length() {
    var value = varint();
    if (value < 0 || value > end - at) {
      throw new MalformedException("length " + value + " where " + (end - at) + " bytes are left");
    }
    return (int) value;
  }

  /** UTF-8 text of some bytes. */
  public String utf8(int length) {
    return new String(bytes, skip(length), length, StandardCharsets.UTF_8);
  }

  /** A copy of some bytes. */
  public byte[] copy(int length) {
    var start = skip(length);
    return Arrays.copyOfRange(bytes, start, start + length);
  }
}
