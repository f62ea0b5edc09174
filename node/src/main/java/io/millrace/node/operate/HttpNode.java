package io.millrace.node.operate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A node through its HTTP door. */
public final class HttpNode implements RunningNode {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration ANSWER = Duration.ofSeconds(60);

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT).build();
  private final String address;
  private final String password;

  /**
   * Will talk to a node.
   *
   * @param password empty for none
   * @throws IOException when there can be no such host
   */
  public HttpNode(String host, int port, String password) throws IOException {
    try {
      address = new URI("http", null, host, port, null, null, null).toString();
    } catch (URISyntaxException e) {
      throw new IOException("'" + host + "' is no host", e);
    }
    this.password = password;
  }

  @Override
  public List<Map<String, Object>> topologies() throws IOException {
    var answer = ask(HttpRequest.newBuilder(URI.create(address + "/topologies")).GET());
    return JSON.convertValue(answer.path("topologies"), new TypeReference<>() {});
  }

  @Override
  public List<String> end(String verb, String topology, Where where) throws IOException {
    var parameters = new LinkedHashMap<String, Object>();
    if (where.depot() != null) {
      parameters.put("depot", where.depot());
    }
    if (where.partition() != null) {
      parameters.put("partition", where.partition());
    }
    if (where.offset() != null) {
      parameters.put("offset", where.offset());
    }
    var path = Arrays.stream(topology.split("/", -1)).map(HttpNode::encoded);
    var query =
        parameters.entrySet().stream()
            .map(one -> one.getKey() + "=" + encoded(one.getValue().toString()));
    var target =
        address
            + "/topologies/"
            + path.collect(Collectors.joining("/"))
            + "/"
            + verb
            + "?"
            + query.collect(Collectors.joining("&"));
    var answer = ask(HttpRequest.newBuilder(URI.create(target)).POST(BodyPublishers.noBody()));
    var lines = new ArrayList<String>();
    answer.path("ended").forEach(one -> lines.add(one.path("text").asText()));
    return lines;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private JsonNode ask(HttpRequest.Builder request) throws IOException {
    request.timeout(ANSWER);
    if (!password.isEmpty()) {
      // A header has no place for every character, Basic has.
      var login = (":" + password).getBytes(StandardCharsets.UTF_8);
      request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(login));
    }
    try {
      var response = client.send(request.build(), BodyHandlers.ofString());
      var answer = JSON.readTree(response.body());
      if (response.statusCode() != 200) {
        throw new Refused(answer.path("title").asText("ERR"), answer.path("detail").asText());
      }
      return answer;
    } catch (JsonProcessingException e) {
      throw new IOException("this is no HTTP door of a node", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
