package io.millrace.benchmarks.large;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A RESP2 connection that may have many commands under way. */
final class Pipe implements AutoCloseable {
  private static final int BUFFER = 1 << 18;
  private static final int TIMEOUT_MS = 600_000;

  private final Socket socket;
  private final OutputStream out;
  private final InputStream in;

  Pipe(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MS);
    out = new BufferedOutputStream(socket.getOutputStream(), BUFFER);
    in = new BufferedInputStream(socket.getInputStream(), BUFFER);
  }

  /** Begins a command of so many words. */
  Pipe begin(int words) throws IOException {
    line('*', words);
    return this;
  }

  Pipe word(byte[] bytes) throws IOException {
    line('$', bytes.length);
    out.write(bytes);
    out.write('\r');
    out.write('\n');
    return this;
  }

  Pipe word(String text) throws IOException {
    return word(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private void line(char type, int number) throws IOException {
    out.write(type);
    out.write(Integer.toString(number).getBytes(StandardCharsets.ISO_8859_1));
    out.write('\r');
    out.write('\n');
  }

  Pipe command(String... words) throws IOException {
    begin(words.length);
    for (String word : words) {
      word(word);
    }
    return this;
  }

  void flush() throws IOException {
    out.flush();
  }

  /** Sends a command and reads its reply. */
  @Nullable Object ask(String... words) throws IOException {
    command(words).flush();
    return read();
  }

  /** Sends a command whose reply is a list. */
  List<?> askList(String... words) throws IOException {
    if (ask(words) instanceof List<?> list) {
      return list;
    }
    throw new IOException("not a list: the reply of " + words[0]);
  }

  /** Reads a reply: a text, a number, bytes, null or a list of these. */
  @Nullable Object read() throws IOException {
    int type = in.read();
    String line = line();
    return switch (type) {
      case '+' -> line;
      case ':' -> Long.parseLong(line);
      case '$' -> bulk(Integer.parseInt(line));
      case '*' -> list(Integer.parseInt(line));
      case '-' -> throw new IllegalStateException("the server answered " + line);
      case -1 -> throw new EOFException("connection closed");
      default -> throw new IOException("not a reply: " + (char) type + line);
    };
  }

  private String line() throws IOException {
    StringBuilder text = new StringBuilder(16);
    for (int c = in.read(); c != '\r'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("connection closed");
      }
      text.append((char) c);
    }
    in.skipNBytes(1);
    return text.toString();
  }

  private byte @Nullable [] bulk(int length) throws IOException {
    if (length < 0) {
      return null;
    }
    byte[] bytes = in.readNBytes(length + 2);
    if (bytes.length < length + 2) {
      throw new EOFException("connection closed");
    }
    return Arrays.copyOf(bytes, length);
  }

  private List<@Nullable Object> list(int size) throws IOException {
    List<@Nullable Object> items = new ArrayList<>(Math.max(size, 0));
    for (int i = 0; i < size; i++) {
      items.add(read());
    }
    return items;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
