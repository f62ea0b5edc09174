package io.millrace.resp.differential;

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
import java.util.List;

/** A socket that sends commands and reads replies of both protocol versions, byte for byte. */
final class RawClient implements AutoCloseable {
  private static final int TIMEOUT_MS = 20_000;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  RawClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MS);
    in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
    out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
  }

  void send(List<String> command) throws IOException {
    out.write(("*" + command.size() + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    for (String word : command) {
      byte[] bytes = word.getBytes(StandardCharsets.ISO_8859_1);
      out.write(("$" + bytes.length + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      out.write(bytes);
      out.write('\r');
      out.write('\n');
    }
    out.flush();
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
    byte[] bytes = in.readNBytes(length + 2);
    if (bytes.length < length + 2) {
      throw new EOFException();
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
    for (int b = in.read(); b != '\r'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("connection closed after: " + line);
      }
      line.append((char) b);
    }
    if (in.read() != '\n') {
      throw new IOException("CR without LF after: " + line);
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
