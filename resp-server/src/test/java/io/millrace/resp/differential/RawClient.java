package io.millrace.resp.differential;

import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A socket that sends commands and reads replies of both protocol versions, byte for byte. */
final class RawClient implements AutoCloseable {
  private static final int TIMEOUT_MS = 20_000;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final byte[] buffer = new byte[1 << 14];
  private int at;
  private int end;

  RawClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MS);
    in = socket.getInputStream();
    out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
  }

  void send(List<String> command) throws IOException {
    put(command);
    out.flush();
  }

  /** Sends several commands with one write. */
  void sendAll(List<List<String>> commands) throws IOException {
    for (List<String> command : commands) {
      put(command);
    }
    out.flush();
  }

  private void put(List<String> command) throws IOException {
    StringBuilder text = new StringBuilder(64);
    text.append('*').append(command.size()).append("\r\n");
    for (String word : command) {
      text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
    }
    out.write(text.toString().getBytes(StandardCharsets.ISO_8859_1));
  }

  /** True when something waits to be read. */
  boolean hasInput() throws IOException {
    return at < end || socket.getInputStream().available() > 0;
  }

  Reply call(String... command) throws IOException {
    send(List.of(command));
    return read();
  }

  /** Reads one reply. */
  Reply read() throws IOException {
    String line = line();
    char type = line.charAt(0);
    String rest = line.substring(1);
    return switch (type) {
      case '+', '-', ':', ',', '#', '(' -> new Reply.Text(type, rest);
      case '_' -> new Reply.Null(type);
      case '$', '=' -> blob(type, Integer.parseInt(rest));
      case '*', '~', '>' -> many(type, Integer.parseInt(rest), 1);
      case '%' -> many(type, Integer.parseInt(rest), 2);
      default -> throw new IOException("Not RESP: " + line);
    };
  }

  private Reply blob(char type, int length) throws IOException {
    if (length < 0) {
      return new Reply.Null(type);
    }
    byte[] bytes = new byte[length + 2];
    for (int done = 0; done < bytes.length; ) {
      if (at == end) {
        fill();
      }
      int part = Math.min(end - at, bytes.length - done);
      System.arraycopy(buffer, at, bytes, done, part);
      at += part;
      done += part;
    }
    return new Reply.Text(type, new String(bytes, 0, length, StandardCharsets.ISO_8859_1));
  }

  private Reply many(char type, int count, int each) throws IOException {
    if (count < 0) {
      return new Reply.Null(type);
    }
    List<Reply> items = new ArrayList<>();
    for (int i = 0; i < count * each; i++) {
      items.add(read());
    }
    return new Reply.Many(type, items);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = next(); b != '\r'; b = next()) {
      line.append((char) b);
    }
    if (next() != '\n') {
      throw new IOException("CR without LF after: " + line);
    }
    return line.toString();
  }

  private int next() throws IOException {
    if (at == end) {
      fill();
    }
    return buffer[at++] & 0xff;
  }

  private void fill() throws IOException {
    at = 0;
    end = Math.max(0, in.read(buffer));
    if (end == 0) {
      throw new EOFException("connection closed");
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
