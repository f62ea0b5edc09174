package io.millrace.node.hostile;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A socket with what a client of any door does. Large texts are sent piece by piece. */
final class Client implements AutoCloseable {
  private static final int TIMEOUT_MS = 120_000;
  private static final byte[] PIECE = "x".repeat(64 << 10).getBytes(StandardCharsets.US_ASCII);

  final Socket socket = new Socket();
  private final DataInputStream in;

  Client(int port, int receiveBuffer) throws IOException {
    if (receiveBuffer > 0) {
      socket.setReceiveBufferSize(receiveBuffer);
    }
    socket.setSoTimeout(TIMEOUT_MS);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MS);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 13));
  }

  Client(int port) throws IOException {
    this(port, 0);
  }

  void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** So many bytes of a value. */
  void fill(long bytes) throws IOException {
    for (long left = bytes; left > 0; left -= PIECE.length) {
      socket.getOutputStream().write(PIECE, 0, (int) Math.min(PIECE.length, left));
    }
  }

  /** A command of small arguments. */
  static String command(Object... arguments) {
    var text = new StringBuilder("*" + arguments.length + "\r\n");
    for (var argument : arguments) {
      var word = argument.toString();
      text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
    }
    return text.toString();
  }

  /** Sends a command whose last argument is large. */
  void sendLarge(long bytes, Object... arguments) throws IOException {
    var text = command(arguments);
    send("*" + (arguments.length + 1) + text.substring(text.indexOf('\r')));
    send("$" + bytes + "\r\n");
    fill(bytes);
    send("\r\n");
  }

  String line() throws IOException {
    var text = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new IOException("closed by the server");
      }
      text.write(b);
    }
    return text.toString(StandardCharsets.ISO_8859_1).strip();
  }

  /** One RESP reply; of a bulk only its header, and its bytes are dropped. */
  String reply() throws IOException {
    var line = line();
    if (line.startsWith("$") && !line.startsWith("$-")) {
      in.skipNBytes(Long.parseLong(line.substring(1)) + 2);
    } else if (line.startsWith("*") && !line.startsWith("*-")) {
      for (int i = Integer.parseInt(line.substring(1)); i > 0; i--) {
        reply();
      }
    }
    return line;
  }

  String call(Object... arguments) throws IOException {
    send(command(arguments));
    return reply();
  }

  String callLarge(long bytes, Object... arguments) throws IOException {
    sendLarge(bytes, arguments);
    return reply();
  }

  /** Logs in at the SQL door. */
  Client sql() throws IOException {
    var user = "\0\3\0\0user\0u\0\0";
    send(number(user.length() + 4) + user);
    message('Z');
    return this;
  }

  /** A statement: text, so many spaces or letters between, and more text. */
  void statement(String before, long filling, String after) throws IOException {
    send("Q" + number((int) (before.length() + filling + after.length() + 5)) + before);
    fill(filling);
    send(after + "\0");
  }

  /** Runs a statement; the state of its error, or "". */
  String query(String text) throws IOException {
    statement(text, 0, "");
    return message('Z');
  }

  /** Reads messages up to one of a type; the state of an error on the way, or "". */
  String message(char last) throws IOException {
    var state = "";
    while (true) {
      int type = in.read();
      if (type < 0) {
        throw new IOException("closed by the server");
      }
      int length = in.readInt() - 4;
      if (type == 'E') {
        var text = new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
        state = text.substring(text.indexOf("\0C") + 2, text.indexOf("\0C") + 7);
      } else {
        in.skipNBytes(length);
      }
      if (type == last) {
        return state;
      }
    }
  }

  void skip(int bytes) throws IOException {
    in.skipNBytes(bytes);
  }

  private static String number(int value) {
    return ""
        + (char) (value >>> 24 & 255)
        + (char) (value >>> 16 & 255)
        + (char) (value >>> 8 & 255)
        + (char) (value & 255);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
