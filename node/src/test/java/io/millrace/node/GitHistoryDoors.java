package io.millrace.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import redis.clients.jedis.Jedis;

/** Reads by path through the RESP and the HTTP door, told in the same words. */
final class GitHistoryDoors implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final byte[] SELECT = "PSTATE.SELECT".getBytes(StandardCharsets.US_ASCII);

  /** A way to read what a path leads to. */
  interface Door {
    /** Everything found: numbers and texts as text, records as maps of them. */
    List<Object> read(String pstate, String... keys) throws Exception;
  }

  private final HttpClient client;
  private final int http;
  private final Jedis jedis;

  GitHistoryDoors(HttpClient client, int http, int resp) {
    this.client = client;
    this.http = http;
    jedis = new Jedis("127.0.0.1", resp);
  }

  private static String path(String... keys) throws IOException {
    return JSON.writeValueAsString(keys);
  }

  /** By PSTATE.SELECT. */
  List<Object> resp(String pstate, String... keys) throws IOException {
    var reply =
        (List<?>)
            jedis.sendCommand(
                () -> SELECT,
                pstate.getBytes(StandardCharsets.UTF_8),
                path(keys).getBytes(StandardCharsets.UTF_8));
    return reply.stream().map(GitHistoryDoors::fromResp).toList();
  }

  private static Object fromResp(Object value) {
    if (value instanceof byte[] bytes) {
      return new String(bytes, StandardCharsets.UTF_8);
    }
    if (!(value instanceof List<?> flat)) {
      return String.valueOf(value);
    }
    if (!flat.isEmpty() && flat.get(0) instanceof List) {
      return flat.stream().map(GitHistoryDoors::fromResp).toList();
    }
    Map<String, Object> fields = new TreeMap<>();
    for (int i = 0; i + 1 < flat.size(); i += 2) {
      fields.put(String.valueOf(fromResp(flat.get(i))), fromResp(flat.get(i + 1)));
    }
    return fields;
  }

  /** By {@code GET /pstates}. */
  List<Object> http(String pstate, String... keys) throws IOException, InterruptedException {
    var uri =
        "http://127.0.0.1:%d/pstates/%s?path=%s"
            .formatted(http, pstate, URLEncoder.encode(path(keys), StandardCharsets.UTF_8));
    var answer =
        client.send(HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.ofString());
    var values = new ArrayList<Object>();
    JSON.readTree(answer.body()).path("values").forEach(value -> values.add(fromJson(value)));
    return values;
  }

  private static Object fromJson(JsonNode value) {
    if (value.isArray()) {
      var items = new ArrayList<Object>();
      value.forEach(item -> items.add(fromJson(item)));
      return items;
    }
    if (!value.isObject()) {
      return value.asText();
    }
    Map<String, Object> fields = new TreeMap<>();
    value.properties().forEach(field -> fields.put(field.getKey(), fromJson(field.getValue())));
    return fields;
  }

  @Override
  public void close() {
    jedis.close();
  }
}
