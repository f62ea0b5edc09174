package io.millrace.resp.client;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A client that hides nothing: sends any bytes, reads any RESP2 or RESP3 value as text. */
final class TextClient implements AutoCloseable {
  private static final int TIMEOUT_MS = 20_000;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  /** Connects to loopback. */
  TextClient(int port) throws IOException {
    socket = new Socket("127.0.0.1", port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MS);
    in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
    out = socket.getOutputStream();
  }

  /** Sends a command and answers its reply as text. */
  String ask(String... words) throws IOException {
    send(List.of(words));
    return read();
  }

  /** Sends bytes as they are. */
  void sendRaw(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  void send(List<String> words) throws IOException {
    var text = new StringBuilder("*").append(words.size()).append("\r\n");
    for (var word : words) {
      text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
    }
    sendRaw(text.toString().getBytes(StandardCharsets.ISO_8859_1));
  }

  String read() throws IOException {
    var line = line();
    char kind = line.charAt(0);
    var rest = line.substring(1);
    return switch (kind) {
      case '$', '=' -> rest.equals("-1") ? "nil" : bulk(kind, rest);
      case '*', '~', '>' -> rest.equals("-1") ? "nil" : items(kind, rest, 1);
      case '%' -> items(kind, rest, 2);
      case '_' -> "nil";
      default -> kind + rest;
    };
  }

  private String bulk(char kind, String length) throws IOException {
    var bytes = in.readNBytes(Integer.parseInt(length));
    in.readNBytes(2);
    return kind + new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private String items(char kind, String count, int per) throws IOException {
    int n = Integer.parseInt(count) * per;
    var items = new ArrayList<String>();
    for (int i = 0; i < n; i++) {
      items.add(read());
    }
    return kind + items.toString();
  }

  private String line() throws IOException {
    var text = new StringBuilder();
    while (true) {
      int b = in.read();
      if (b < 0) {
        throw new EOFException("connection closed after: " + text);
      }
      if (b == '\r') {
        in.read();
        return text.toString();
      }
      text.append((char) b);
    }
  }

  /** True when the server has closed the connection. */
  boolean ended() throws IOException {
    return in.read() < 0;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
