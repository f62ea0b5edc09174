package io.millrace.node.operate;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A node through its RESP door. */
public final class RespNode implements RunningNode {
  private static final int CONNECT_MS = 3_000;
  private static final int ANSWER_MS = 60_000;
  private static final int LONGEST = 64 << 20;

  private final Socket socket;
  private final InputStream in;

  private RespNode(Socket socket) throws IOException {
    this.socket = socket;
    in = new BufferedInputStream(socket.getInputStream());
  }

  /**
   * Connects and logs in.
   *
   * @param password empty for none
   */
  public static RespNode connect(String host, int port, String password) throws IOException {
    var socket = new Socket();
    try {
      socket.connect(new InetSocketAddress(host, port), CONNECT_MS);
      socket.setSoTimeout(ANSWER_MS);
      var node = new RespNode(socket);
      if (!password.isEmpty()) {
        node.ask(List.of("AUTH", password));
      }
      return node;
    } catch (IOException | Refused e) {
      socket.close();
      throw e;
    }
  }

  @Override
  public List<Map<String, Object>> topologies() throws IOException {
    var found = new ArrayList<Map<String, Object>>();
    for (var one : list(ask(List.of("TOPOLOGY", "LIST")))) {
      var topology = map(one);
      var stops = new ArrayList<Map<String, Object>>();
      for (var stop : list(topology.getOrDefault("stops", List.of()))) {
        stops.add(map(stop));
      }
      topology.put("stops", stops);
      found.add(topology);
    }
    return found;
  }

  @Override
  public List<String> end(String verb, String topology, Where where) throws IOException {
    var words = new ArrayList<>(List.of("TOPOLOGY", verb, topology));
    if (where.depot() != null) {
      words.addAll(List.of("DEPOT", where.depot()));
    }
    if (where.partition() != null) {
      words.addAll(List.of("PARTITION", where.partition().toString()));
    }
    if (where.offset() != null) {
      words.addAll(List.of("OFFSET", where.offset().toString()));
    }
    return list(ask(words)).stream().map(String::valueOf).toList();
  }

  private static List<?> list(Object reply) {
    return reply instanceof List<?> list ? list : List.of(reply);
  }

  private static Map<String, Object> map(Object reply) {
    var words = list(reply);
    var map = new LinkedHashMap<String, Object>();
    for (var i = 0; i + 1 < words.size(); i += 2) {
      map.put(String.valueOf(words.get(i)), words.get(i + 1));
    }
    return map;
  }

  private Object ask(List<String> words) throws IOException {
    var request = new StringBuilder("*").append(words.size()).append("\r\n");
    for (var word : words) {
      var length = word.getBytes(StandardCharsets.UTF_8).length;
      request.append('$').append(length).append("\r\n").append(word).append("\r\n");
    }
    var out = socket.getOutputStream();
    out.write(request.toString().getBytes(StandardCharsets.UTF_8));
    out.flush();
    return reply();
  }

  private Object reply() throws IOException {
    var line = line();
    var rest = line.substring(1);
    return switch (line.charAt(0)) {
      case '+' -> rest;
      case ':' -> Long.parseLong(rest);
      case '$' -> bulk(Integer.parseInt(rest));
      case '*' -> {
        var elements = new ArrayList<Object>();
        for (var left = Integer.parseInt(rest); left > 0; left--) {
          elements.add(reply());
        }
        yield elements;
      }
      case '-' -> {
        var space = rest.indexOf(' ');
        throw space < 0
            ? new Refused(rest, rest)
            : new Refused(rest.substring(0, space), rest.substring(space + 1));
      }
      default -> throw new IOException("this is no RESP door: it answered " + line);
    };
  }

  private String bulk(int length) throws IOException {
    if (length > LONGEST) {
      throw new IOException("the answer is too long: " + length);
    }
    if (length < 0) {
      return "";
    }
    var bytes = in.readNBytes(length + 2);
    if (bytes.length < length + 2) {
      throw new EOFException("the connection was closed");
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    for (var octet = in.read(); octet != '\n'; octet = in.read()) {
      if (octet < 0 || line.length() > LONGEST) {
        throw new EOFException("the connection was closed");
      }
      line.append((char) octet);
    }
    var end = line.length() - 1;
    if (end < 1 || line.charAt(end) != '\r') {
      throw new IOException("this is no RESP door");
    }
    return line.substring(0, end);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // Everything has been answered.
    }
  }
}
