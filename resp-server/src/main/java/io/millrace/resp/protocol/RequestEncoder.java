package io.millrace.resp.protocol;

import java.nio.charset.StandardCharsets;

/** Writes commands as RESP arrays: records of resolved effects, inline commands, tests. */
public final class RequestEncoder {
  private byte[] buffer = new byte[256];
  private int size;

  /** One command as a RESP array. */
  public static byte[] encode(byte[]... arguments) {
    var encoder = new RequestEncoder();
    encoder.begin(arguments.length);
    for (var argument : arguments) {
      encoder.argument(argument, 0, argument.length);
    }
    return java.util.Arrays.copyOf(encoder.buffer, encoder.size);
  }

  /** Forgets what was written. */
  public void clear() {
    size = 0;
    if (buffer.length > 1 << 20) {
      buffer = new byte[256];
    }
  }

  /** Begins a command. */
  public void begin(int arguments) {
    header('*', arguments);
  }

  /** Adds an argument of the command begun. */
  public void argument(byte[] bytes, int offset, int length) {
    header('$', length);
    raw(bytes, offset, length);
    ensure(2);
    buffer[size++] = '\r';
    buffer[size++] = '\n';
  }

  /** Adds an argument of text. */
  public void argument(String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    argument(bytes, 0, bytes.length);
  }

  /** Adds a number. */
  public void argument(long number) {
    argument(Long.toString(number));
  }

  /** Adds bytes as they are: a whole command, or a prefix of the record format. */
  public void raw(byte[] bytes, int offset, int length) {
    ensure(length);
    System.arraycopy(bytes, offset, buffer, size, length);
    size += length;
  }

  /** Adds one byte as it is. */
  public void raw(int value) {
    ensure(1);
    buffer[size++] = (byte) value;
  }

  /** Adds all arguments of a command. */
  public void command(Args args) {
    begin(args.count());
    for (int i = 0; i < args.count(); i++) {
      argument(args.array(), args.offset(i), args.length(i));
    }
  }

  /** Array that holds what was written, from index 0. */
  public byte[] array() {
    return buffer;
  }

  /** Number of bytes written. */
  public int size() {
    return size;
  }

  private void header(char kind, int number) {
    ensure(16);
    buffer[size++] = (byte) kind;
    size = Numbers.write(number, buffer, size);
    buffer[size++] = '\r';
    buffer[size++] = '\n';
  }

  private void ensure(int more) {
    if (size + more > buffer.length) {
      buffer = java.util.Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + more));
    }
  }
}
