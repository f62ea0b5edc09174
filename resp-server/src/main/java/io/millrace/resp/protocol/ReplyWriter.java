package io.millrace.resp.protocol;

import io.millrace.engine.state.HotPath;
import io.millrace.engine.state.RequestMemory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Encodes replies, in RESP2 or RESP3, into one growing array that a lane reuses: all replies a
 * connection gets in a turn are one run of bytes, copied once into the socket's buffer.
 */
@HotPath(benchmark = "RespDecoderBenchmark")
public final class ReplyWriter {
  private static final byte[] OK = ascii("+OK\r\n");
  private static final byte[] QUEUED = ascii("+QUEUED\r\n");
  private static final byte[] NIL = ascii("$-1\r\n");
  private static final byte[] NIL_ARRAY = ascii("*-1\r\n");
  private static final byte[] NULL = ascii("_\r\n");
  private static final byte[] ZERO = ascii(":0\r\n");
  private static final byte[] ONE = ascii(":1\r\n");
  private static final int KEEP = 1 << 20;
  private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 64;
  private static final int SMALLEST_REPLY = 3;

  private static final CommandException TOO_LARGE =
      new CommandException("OOM the reply is larger than this node can hold at once");
  private static final String TOO_LARGE_BUT_DONE =
      "OOM the command was executed, but its reply is larger than this node can hold at once";

  /** Bytes up to which values are added. */
  private final int limit;

  /** Bytes up to which anything but an error is added: many small replies, after a large one. */
  private final int smallLimit;

  /** What a large array is taken from; null for writers whose replies are small or short-lived. */
  private final @Nullable RequestMemory memory;

  private byte[] buffer = new byte[16 * 1024];
  private int size;
  private boolean resp3;
  private boolean goesOn;
  private boolean lost;
  private int begun;

  /** A writer of replies of up to the largest size there is. */
  public ReplyWriter() {
    this(HeapShare.largestReply());
  }

  /** A writer of replies up to a number of bytes. */
  public ReplyWriter(int limit) {
    this(limit, null);
  }

  /** A writer whose array is taken from a memory once it is large. */
  public ReplyWriter(RequestMemory memory) {
    this((int) Math.min(memory.largest() + memory.largest() / 3, LONGEST_ARRAY), memory);
  }

  private ReplyWriter(int limit, @Nullable RequestMemory memory) {
    this.memory = memory;
    this.limit = limit;
    this.smallLimit = (int) Math.min((long) limit + (limit >> 2), LONGEST_ARRAY);
  }

  /**
   * Begins the reply of a command. One that reads is ended by a {@link CommandException} when its
   * reply becomes too large. One that writes must not be, half-way; it goes on and its reply is
   * forgotten: see {@link #end}.
   */
  public void begin(boolean writes) {
    goesOn = writes;
    lost = false;
    begun = size;
  }

  /** Ends the reply of a command: an error when it has become too large. */
  public void end() {
    if (lost) {
      size = begun;
      error(TOO_LARGE_BUT_DONE);
      lost = false;
    }
  }

  /** Chooses the protocol version of the following replies. */
  public void protocol(int version) {
    resp3 = version >= 3;
  }

  /** True when replies are RESP3. */
  public boolean resp3() {
    return resp3;
  }

  /** Number of bytes written. */
  public int size() {
    return size;
  }

  /** Array that holds them, from index 0. */
  public byte[] array() {
    return buffer;
  }

  /** Drops everything behind {@code mark}, an earlier {@link #size}. */
  public void reset(int mark) {
    size = mark;
    lost = false;
    if (mark == 0 && buffer.length > KEEP) {
      give(buffer.length);
      buffer = new byte[16 * 1024];
    }
  }

  /** True when the array is so large that it is better given away than copied. */
  public boolean large() {
    return buffer.length > KEEP;
  }

  /**
   * Gives the array away, with the memory taken for it, and begins a new one.
   *
   * @return the array that held the replies
   */
  public byte[] detach() {
    byte[] array = buffer;
    buffer = new byte[16 * 1024];
    size = 0;
    lost = false;
    return array;
  }

  private void give(int length) {
    var from = memory;
    if (from != null && length > KEEP) {
      from.give(length);
    }
  }

  private boolean take(int length, boolean anyway) {
    var from = memory;
    if (from == null || length <= KEEP) {
      return true;
    }
    if (anyway) {
      from.takeAnyway(length);
      return true;
    }
    return from.take(length);
  }

  /** Reply {@code OK}. */
  public void ok() {
    constant(OK);
  }

  /** Reply {@code QUEUED}. */
  public void queued() {
    constant(QUEUED);
  }

  /** A simple string. */
  public void simple(String text) {
    line('+', text);
  }

  /** An error with its full text, one byte per char; line ends in it become spaces. */
  public void error(String text) {
    int end = text.length();
    while (end > 0 && (text.charAt(end - 1) == '\r' || text.charAt(end - 1) == '\n')) {
      end--;
    }
    if (end + 3 > buffer.length - size) {
      grow(end + 3L, LONGEST_ARRAY);
    }
    line('-', text.substring(0, end).replace('\r', ' ').replace('\n', ' '));
  }

  /** A number. */
  public void integer(long value) {
    if (value == 0) {
      constant(ZERO);
    } else if (value == 1) {
      constant(ONE);
    } else {
      header(':', value);
    }
  }

  /** Truth: 1 or 0 in RESP2, a boolean in RESP3. */
  public void bool(boolean value) {
    if (resp3) {
      ensure(4);
      buffer[size++] = '#';
      buffer[size++] = (byte) (value ? 't' : 'f');
      crlf();
    } else {
      integer(value ? 1 : 0);
    }
  }

  /** No value. */
  public void nil() {
    constant(resp3 ? NULL : NIL);
  }

  /** No array: what a failed EXEC or a timed-out blocking pop answers. */
  public void nilArray() {
    constant(resp3 ? NULL : NIL_ARRAY);
  }

  /** A bulk string. */
  public void bulk(byte[] bytes, int offset, int length) {
    if (length + 16 > buffer.length - size && !room(length + 16L)) {
      return;
    }
    int at = size;
    byte[] out = buffer;
    out[at++] = '$';
    if (length < 10) {
      out[at++] = (byte) ('0' + length);
    } else if (length < 100) {
      int tens = length / 10;
      out[at++] = (byte) ('0' + tens);
      out[at++] = (byte) ('0' + length - tens * 10);
    } else {
      at = Numbers.write(length, out, at);
    }
    out[at++] = '\r';
    out[at++] = '\n';
    System.arraycopy(bytes, offset, out, at, length);
    at += length;
    out[at++] = '\r';
    out[at++] = '\n';
    size = at;
  }

  /** A bulk string of a whole array. */
  public void bulk(byte[] bytes) {
    bulk(bytes, 0, bytes.length);
  }

  /** A bulk string of text. */
  public void bulk(String text) {
    bulk(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A number as a bulk string. */
  public void bulkInteger(long value) {
    var text = new byte[Numbers.MAX_LONG_CHARS + 1];
    bulk(text, 0, Numbers.write(value, text, 0));
  }

  /** A double: a bulk string in RESP2. */
  public void number(double value) {
    var text = Numbers.formatDouble(value);
    if (resp3) {
      line(',', text);
    } else {
      bulk(text);
    }
  }

  /** Text for people: a verbatim string in RESP3. */
  public void verbatim(String text) {
    if (!resp3) {
      bulk(text);
      return;
    }
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    header('=', bytes.length + 4L);
    raw(ascii("txt:"), 0, 4);
    raw(bytes, 0, bytes.length);
    ensure(2);
    crlf();
  }

  /** Begins an array. */
  public void array(long elements) {
    if (elements > limit / SMALLEST_REPLY && !goesOn) {
      throw TOO_LARGE;
    }
    header('*', elements);
  }

  /** Begins a map of {@code pairs} keys and values: a flat array in RESP2. */
  public void map(int pairs) {
    header(resp3 ? '%' : '*', resp3 ? pairs : 2L * pairs);
  }

  /** Begins a set: an array in RESP2. */
  public void set(int elements) {
    header(resp3 ? '~' : '*', elements);
  }

  /** Begins an out-of-band message: an array in RESP2. */
  public void push(int elements) {
    header(resp3 ? '>' : '*', elements);
  }

  /** Adds bytes that are encoded already, whatever the limit: messages behind a reply. */
  public void raw(byte[] bytes, int offset, int length) {
    if (length > buffer.length - size && !grow(length, LONGEST_ARRAY)) {
      throw new IllegalStateException("replies too large: bytes=" + ((long) size + length));
    }
    System.arraycopy(bytes, offset, buffer, size, length);
    size += length;
  }

  /** Replaces the replies written since {@code mark} by an array of that many elements. */
  public void wrapArray(int mark, int elements) {
    wrap('*', mark, elements);
  }

  /** Replaces the replies written since {@code mark} by a map of that many pairs; RESP3 only. */
  public void wrapMap(int mark, int pairs) {
    wrap('%', mark, pairs);
  }

  private void wrap(char kind, int mark, int elements) {
    ensure(16);
    if (lost) {
      return;
    }
    int body = size - mark;
    var head = new byte[16];
    head[0] = (byte) kind;
    int length = Numbers.write(elements, head, 1);
    head[length++] = '\r';
    head[length++] = '\n';
    System.arraycopy(buffer, mark, buffer, mark + length, body);
    System.arraycopy(head, 0, buffer, mark, length);
    size += length;
  }

  private void header(char kind, long value) {
    ensure(24);
    buffer[size++] = (byte) kind;
    size = Numbers.write(value, buffer, size);
    crlf();
  }

  private void line(char kind, String text) {
    var bytes = ascii(text);
    ensure(bytes.length + 3);
    buffer[size++] = (byte) kind;
    System.arraycopy(bytes, 0, buffer, size, bytes.length);
    size += bytes.length;
    crlf();
  }

  private void constant(byte[] bytes) {
    ensure(bytes.length);
    System.arraycopy(bytes, 0, buffer, size, bytes.length);
    size += bytes.length;
  }

  private void crlf() {
    buffer[size++] = '\r';
    buffer[size++] = '\n';
  }

  /** Makes room for something small. */
  private void ensure(int more) {
    if (more <= buffer.length - size || grow(more, smallLimit)) {
      return;
    }
    tooLarge();
    if (more > buffer.length - size) {
      grow(more, LONGEST_ARRAY);
    }
  }

  /** Makes room for a value; false when there is none and the reply is forgotten. */
  private boolean room(long more) {
    if (grow(more, limit)) {
      return true;
    }
    tooLarge();
    return false;
  }

  private void tooLarge() {
    if (!goesOn) {
      throw TOO_LARGE;
    }
    lost = true;
    size = begun;
  }

  /** Takes twice the room, up to the limit, and little more than needed above it. */
  private boolean grow(long more, int most) {
    long wanted = size + more;
    if (wanted > most) {
      return false;
    }
    long doubled = Math.min(buffer.length * 2L, limit);
    long step = Math.min(wanted + (limit >> 6), LONGEST_ARRAY);
    int length = (int) Math.max(wanted, wanted > limit ? step : doubled);
    if (!take(length, most == LONGEST_ARRAY)) {
      return false;
    }
    int unused = length;
    try {
      var wider = Arrays.copyOf(buffer, length);
      unused = buffer.length;
      buffer = wider;
      return true;
    } finally {
      // The array before, or what the heap has no room for after all.
      give(unused);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
