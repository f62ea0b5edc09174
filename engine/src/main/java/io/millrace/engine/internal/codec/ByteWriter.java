package io.millrace.engine.internal.codec;

import io.millrace.engine.pstate.SchemaException;
import io.millrace.engine.state.HotPath;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing byte buffer; single-threaded, reused. */
@HotPath(benchmark = "PathBenchmark")
public final class ByteWriter {
  static final VarHandle LONG_LE =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  static final VarHandle INT_LE =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  static final VarHandle SHORT_LE =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  static final VarHandle LONG_BE =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  static final VarHandle INT_BE =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private byte[] bytes;
  private int size;

  /** An empty buffer. */
  public ByteWriter() {
    this(128);
  }

  /** An empty buffer with room for some bytes. */
  public ByteWriter(int capacity) {
    bytes = new byte[capacity];
  }

  /** The array written to; valid up to {@link #size} and until the next write. */
  public byte[] array() {
    return bytes;
  }

  /** Number of bytes written. */
  public int size() {
    return size;
  }

  /** Forgets what was written. */
  public ByteWriter clear() {
    size = 0;
    return this;
  }

  /** Forgets everything behind a position. */
  public void truncate(int position) {
    size = position;
  }

  /** A copy of the bytes written. */
  public byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  /** Adds zeros and returns the position of the first. */
  public int reserve(int count) {
    var at = size;
    ensure(count);
    Arrays.fill(bytes, at, at + count, (byte) 0);
    size += count;
    return at;
  }

  /** Opens a gap at a position by moving what is behind it. */
  public void insert(int position, int count) {
    ensure(count);
    System.arraycopy(bytes, position, bytes, position + count, size - position);
    size += count;
  }

  /** One byte. */
  public ByteWriter put(int value) {
    ensure(1);
    bytes[size++] = (byte) value;
    return this;
  }

  /** A range of an array. */
  public ByteWriter put(byte[] source, int offset, int length) {
    ensure(length);
    System.arraycopy(source, offset, bytes, size, length);
    size += length;
    return this;
  }

  /** A whole array. */
  public ByteWriter put(byte[] source) {
    return put(source, 0, source.length);
  }

  /** 8 bytes, little-endian. */
  public void longLe(long value) {
    ensure(8);
    LONG_LE.set(bytes, size, value);
    size += 8;
  }

  /** 8 bytes, big-endian. */
  public void longBe(long value) {
    ensure(8);
    LONG_BE.set(bytes, size, value);
    size += 8;
  }

  /** 4 bytes, little-endian. */
  public void intLe(int value) {
    ensure(4);
    INT_LE.set(bytes, size, value);
    size += 4;
  }

  /** 4 bytes, big-endian. */
  public void intBe(int value) {
    ensure(4);
    INT_BE.set(bytes, size, value);
    size += 4;
  }

  /** An unsigned integer in 7-bit groups. */
  public void varint(long value) {
    ensure(10);
    var rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[size++] = (byte) (rest & 0x7F | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  /** Text as UTF-8. Text with half a surrogate pair is refused: it would not come back equal. */
  public void utf8(String text) {
    var length = text.length();
    ensure(length);
    var at = size;
    for (var i = 0; i < length; i++) {
      var c = text.charAt(i);
      if (c >= 0x80) {
        wide(text, i);
        return;
      }
      bytes[at + i] = (byte) c;
    }
    size = at + length;
  }

  private void wide(String text, int from) {
    for (var i = from; i < text.length(); i++) {
      var c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (Character.isLowSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          throw new SchemaException("text holds half a surrogate pair at index=" + i);
        }
        i++;
      }
    }
    put(text.getBytes(StandardCharsets.UTF_8));
  }

  private void ensure(int more) {
    if (bytes.length - size < more) {
      var wanted = Math.addExact(size, more);
      bytes = Arrays.copyOf(bytes, Math.max(wanted, Math.min(bytes.length, 1 << 29) * 2));
    }
  }
}
