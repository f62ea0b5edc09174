package io.millrace.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.engine.depot.AppendAck;
import io.millrace.http.metrics.Health;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpServerIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String EVENTS = "/depots/shop/orders/events";

  private final FakeBackend backend = new FakeBackend();
  private final AtomicReference<Health> health = new AtomicReference<>(Health.serving());
  private final HttpClient client = HttpClient.newHttpClient();
  private HttpServer server;

  @BeforeEach
  void open() throws IOException {
    backend.open.complete(null);
    restart(HttpOptions.loopback(0));
  }

  private void restart(HttpOptions options) throws IOException {
    if (server != null) {
      server.close();
    }
    server = HttpServer.open(options, health::get);
    server.serve(backend);
  }

  @AfterEach
  void close() {
    server.close();
    client.close();
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
  }

  private HttpRequest.Builder event(String path) {
    return to(path).header("Content-Type", "application/json");
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> bulk(String body) throws Exception {
    return send(
        to(EVENTS)
            .header("Content-Type", "application/x-ndjson")
            .POST(BodyPublishers.ofString(body)));
  }

  private static JsonNode json(HttpResponse<String> response) throws IOException {
    return JSON.readTree(response.body());
  }

  @Test
  void oneEventIsAppendedAndAnsweredWithItsToken() throws Exception {
    var response =
        send(
            event(EVENTS + "?ack=appended&type=placed")
                .header("Idempotency-Key", "k1")
                .POST(BodyPublishers.ofString("{\"amount\": 3}")));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(json(response).path("accepted").asInt()).isEqualTo(1);
    assertThat(response.headers().firstValue("X-Millrace-Token")).hasValue("mr1.shop/orders.1.0:1");
    assertThat(json(response).path("token").asText()).isEqualTo("mr1.shop/orders.1.0:1");
    assertThat(backend.events).containsExactly("{\"amount\": 3}");
    assertThat(backend.types).containsExactly("placed");
    assertThat(backend.ack).isEqualTo(AppendAck.APPENDED);
  }

  @Test
  void theSameKeyTwiceIsADuplicate() throws Exception {
    for (var expected = 0; expected < 2; expected++) {
      var response =
          send(
              event(EVENTS)
                  .header("Idempotency-Key", "same")
                  .POST(BodyPublishers.ofString("{\"amount\":3}")));
      assertThat(json(response).path("duplicates").asInt()).isEqualTo(expected);
    }
    assertThat(backend.events).hasSize(1);
  }

  @Test
  void aBodyThatIsNotInItsEncodingIsRefusedInWords() throws Exception {
    var response =
        send(
            event(EVENTS)
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofString("{\"amount\":3}")));
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(json(response).path("detail").asText()).contains("Content-Encoding");
    assertThat(backend.events).isEmpty();
  }

  @Test
  void aBulkTakesEveryLineAndOurMembersOutOfIt() throws Exception {
    var response =
        bulk(
            "{\"@key\":\"a\",\"@type\":\"placed\",\"n\":1}\n\n{\"n\":2}\r\n{\"@key\":\"a\",\"n\":1}");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(json(response).path("accepted").asInt()).isEqualTo(3);
    assertThat(json(response).path("duplicates").asInt()).isEqualTo(1);
    assertThat(backend.events).containsExactly("{\"n\":1}", "{\"n\":2}");
    assertThat(backend.types).containsExactly("placed", "null");
    assertThat(backend.ack).isEqualTo(AppendAck.FOLDED);
  }

  @Test
  void aBulkStopsAtTheFirstLineThatIsNoJson() throws Exception {
    var response = bulk("{\"n\":1}\n\n{\"n\":}\n{\"n\":3}\n");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(json(response).path("accepted").asInt()).isEqualTo(1);
    assertThat(json(response).path("line").asInt()).isEqualTo(3);
    assertThat(json(response).path("title").asText()).isEqualTo("SCHEMA");
    assertThat(json(response).path("token").asText()).isEqualTo("mr1.shop/orders.1.0:1");
    assertThat(backend.events).containsExactly("{\"n\":1}");
  }

  @Test
  void aBulkNamesTheLineAndFieldTheDepotRefuses() throws Exception {
    var response = bulk("{\"n\":1}\n{\"n\":2}\n\n{\"n\":\"wrong\"}\n{\"n\":4}\n");
    assertThat(response.statusCode()).isEqualTo(422);
    assertThat(json(response).path("accepted").asInt()).isEqualTo(2);
    assertThat(json(response).path("line").asInt()).isEqualTo(4);
    assertThat(json(response).path("field").asText()).isEqualTo("amount");
    assertThat(backend.events).hasSize(2);
  }

  @Test
  void aFailureInTheMiddleSaysWhatWasTaken() throws Exception {
    var body = new StringBuilder();
    var line = "{\"text\":\"" + "x".repeat(500) + "\"}\n";
    for (var i = 0; i < 2_500; i++) {
      body.append(i == 2_200 ? "{\"explode\":1}\n" : line);
    }
    var response = bulk(body.toString());
    assertThat(response.statusCode()).isEqualTo(507);
    assertThat(json(response).path("accepted").asInt()).isBetween(1_000, 2_200);
    assertThat(json(response).path("line").asInt())
        .isEqualTo(json(response).path("accepted").asInt() + 1);
  }

  @Test
  void aBulkIsReadNoFasterThanItIsAppended() throws Exception {
    var held = new FakeBackend();
    server.serve(held);
    var line = "{\"text\":\"" + "x".repeat(1_000) + "\"}\n";
    var lines = 60_000;
    var sent = new AtomicLong();
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      var out = socket.getOutputStream();
      out.write(
          ("POST "
                  + EVENTS
                  + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
                  + "Connection: close\r\nContent-Length: "
                  + line.length() * lines
                  + "\r\n\r\n")
              .getBytes(UTF_8));
      var sender = Thread.ofVirtual().start(() -> pour(out, line, lines, sent));
      await().until(() -> held.waiting() == 1);
      await()
          .during(java.time.Duration.ofMillis(300))
          .until(() -> held.waiting() == 1 && sent.get() < lines);
      assertThat(held.batches).hasSize(1);
      held.open.complete(null);
      sender.join();
      var answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 200").contains("\"accepted\":" + lines);
    }
    assertThat(held.events).hasSize(lines);
  }

  private static void pour(OutputStream out, String line, int lines, AtomicLong sent) {
    try {
      for (var i = 0; i < lines; i++) {
        out.write(line.getBytes(UTF_8));
        sent.incrementAndGet();
      }
      out.flush();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void aMemberOfEachEventCanBeItsKey() throws Exception {
    var lines = "{\"id\":1}\n{\"id\":\"b\"}\n{\"id\":1}\n";
    var request =
        to(EVENTS + "?key-from=id")
            .header("Content-Type", "application/x-ndjson")
            .POST(BodyPublishers.ofString(lines));
    assertThat(json(send(request)).path("duplicates").asInt()).isEqualTo(1);
    assertThat(backend.keys).containsExactlyInAnyOrder("1", "b");
    request.POST(BodyPublishers.ofString("{\"id\":3}\n{\"name\":4}"));
    var refused = json(send(request));
    assertThat(refused.path("field").asText()).isEqualTo("id");
    assertThat(refused.path("line").asInt()).isEqualTo(2);
  }

  @Test
  void aCompressedBulkIsTaken() throws Exception {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write("{\"n\":1}\n{\"n\":2}\n".getBytes(UTF_8));
    }
    var response =
        send(
            to(EVENTS)
                .header("Content-Type", "application/x-ndjson")
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofByteArray(bytes.toByteArray())));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(backend.events).hasSize(2);
  }

  private HttpResponse<String> encoded(String encoding, byte[] body) throws Exception {
    return send(
        to(EVENTS)
            .header("Content-Type", "application/x-ndjson")
            .header("Content-Encoding", encoding)
            .POST(BodyPublishers.ofByteArray(body)));
  }

  private static byte[] gzip(String text) throws Exception {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }

  @Test
  void aThousandCompressedEventsAreTakenAndMembersMayFollowEachOther() throws Exception {
    var body = gzip("{\"n\":1}\n".repeat(1_000));
    assertThat(encoded("gzip", body).statusCode()).isEqualTo(200);
    assertThat(backend.events).hasSize(1_000);
    var two = Arrays.copyOf(body, body.length * 2);
    System.arraycopy(body, 0, two, body.length, body.length);
    assertThat(encoded("identity, X-GZIP", two).statusCode()).isEqualTo(200);
    assertThat(backend.events).hasSize(3_000);
  }

  @Test
  void aCompressedBodyWithoutItsEndIsRefused() throws Exception {
    var body = gzip("{\"n\":1}\n".repeat(1_000));
    for (var length : new int[] {0, 5, body.length / 2, body.length - 8, body.length - 1}) {
      var response = encoded("gzip", Arrays.copyOf(body, length));
      assertThat(response.statusCode()).as("length=%d", length).isIn(200, 400);
      assertThat(response.statusCode() == 200).isEqualTo(length == 0);
    }
  }

  @Test
  void anEncodingThatIsNotKnownIsRefusedWithThoseThatAre() throws Exception {
    for (var encoding : List.of("br", "zstd", "gzip, gzip", "gzip, br", "deflated")) {
      var response = encoded(encoding, "{\"n\":1}".getBytes(UTF_8));
      assertThat(response.statusCode()).as(encoding).isEqualTo(415);
      assertThat(response.headers().firstValue("Accept-Encoding")).hasValue("gzip, deflate");
      assertThat(json(response).path("detail").asText()).contains("gzip, deflate or identity");
    }
    assertThat(backend.events).isEmpty();
  }

  @Test
  void aBodyThatGrowsBeyondItsLimitWhenDecodedIsRefused() throws Exception {
    restart(HttpOptions.loopback(0).withMaxBody(1 << 20));
    var bomb = gzip("{\"n\":\"" + " ".repeat(40 << 20) + "\"}");
    assertThat(bomb.length).isLessThan(100_000);
    assertThat(encoded("gzip", bomb).statusCode()).isEqualTo(413);
    var single =
        to(EVENTS)
            .header("Content-Type", "application/json")
            .header("Content-Encoding", "gzip")
            .POST(BodyPublishers.ofByteArray(bomb));
    assertThat(send(single).statusCode()).isEqualTo(413);
    assertThat(backend.events).isEmpty();
  }

  @Test
  void whatACompressedBodyHeldIsGivenBack() throws Exception {
    var options = HttpOptions.loopback(0);
    restart(options);
    var large = gzip("{\"n\":\"" + "x".repeat(1 << 20) + "\"}");
    var single = event(EVENTS).header("Content-Encoding", "gzip");
    assertThat(send(single.POST(BodyPublishers.ofByteArray(large))).statusCode()).isEqualTo(200);
    assertThat(encoded("gzip", large).statusCode()).isEqualTo(200);
    var half = Arrays.copyOf(large, large.length - 1);
    assertThat(send(single.POST(BodyPublishers.ofByteArray(half))).statusCode()).isEqualTo(400);
    await().untilAsserted(() -> assertThat(options.requests().used()).isZero());
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      var head =
          "POST "
              + EVENTS
              + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
              + "Content-Encoding: gzip\r\nContent-Length: 999999\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(UTF_8));
      socket.getOutputStream().write(half);
      await().until(() -> options.requests().used() > 0);
    }
    await().untilAsserted(() -> assertThat(options.requests().used()).isZero());
  }

  @Test
  void wrongEventsAreRefusedWithTheReason() throws Exception {
    assertThat(post("[1]")).contains("an event is a JSON object");
    assertThat(post("{\"a\":1}{\"b\":2}")).contains("more than one value");
    assertThat(post("{\"a\":1,\"a\":2}")).contains("Duplicate field");
    assertThat(post("{\"@kee\":\"x\"}")).contains("\"field\":\"@kee\"");
    assertThat(post("{\"@key\":7}")).contains("a text of 1 to 512 characters");
    assertThat(post("{\"a\":" + "[".repeat(1_000) + "]".repeat(1_000) + "}"))
        .contains("beyond a limit");
    assertThat(post("")).contains("\"status\":400");
    assertThat(backend.events).isEmpty();
  }

  private String post(String body) throws Exception {
    var response = send(event(EVENTS).POST(BodyPublishers.ofString(body)));
    assertThat(response.statusCode()).isEqualTo(400);
    return response.body();
  }

  @Test
  void whatIsNotThereSaysSo() throws Exception {
    assertThat(send(to("/nothing")).statusCode()).isEqualTo(404);
    assertThat(send(event("/depots/shop/none/events").POST(BodyPublishers.ofString("{}"))).body())
        .contains("no depot shop/none");
    assertThat(send(to("/pstates/shop/none?path=[]")).body()).contains("no pstate shop/none");
    assertThat(send(to(EVENTS)).statusCode()).isEqualTo(405);
    assertThat(send(to(EVENTS)).headers().firstValue("Allow")).hasValue("POST");
    assertThat(send(to("/%zz".replace("%zz", "%C3%28"))).statusCode()).isEqualTo(404);
    assertThat(send(event(EVENTS + "?ack=maybe").POST(BodyPublishers.ofString("{}"))).statusCode())
        .isEqualTo(400);
    assertThat(
            send(to(EVENTS)
                    .header("Content-Type", "text/xml")
                    .POST(BodyPublishers.ofString("<a/>")))
                .statusCode())
        .isEqualTo(415);
  }

  @Test
  void tooLargeABodyIsRefusedAndTheConnectionServesOthers() throws Exception {
    restart(HttpOptions.loopback(0).withMaxBody(1_000));
    var large = "{\"a\":\"" + "x".repeat(3_000_000) + "\"}";
    var response = send(event(EVENTS).POST(BodyPublishers.ofString(large)));
    assertThat(response.statusCode()).isEqualTo(413);
    var inBulk = bulk("{\"n\":1}\n" + large + "\n{\"n\":2}\n");
    assertThat(inBulk.statusCode()).isEqualTo(413);
    assertThat(json(inBulk).path("accepted").asInt()).isEqualTo(1);
    assertThat(json(inBulk).path("line").asInt()).isEqualTo(2);
    assertThat(bulk("{\"n\":3}\n").statusCode()).isEqualTo(200);
  }

  @Test
  void stateIsReadByPath() throws Exception {
    var path = URLEncoder.encode("[\"alice\"]", UTF_8);
    assertThat(send(to("/pstates/shop/totals?path=" + path + "&after=mr1.x")).body())
        .isEqualTo("{\"values\":[[\"alice\"],\"mr1.x\"]}\n");
    assertThat(send(to("/pstates/shop/totals?path=%5B%22a;b%22%5D")).body())
        .isEqualTo("{\"values\":[[\"a;b\"],\"null\"]}\n");
    assertThat(send(to("/pstates/shop/totals").POST(BodyPublishers.ofString("[\"bob\"]"))).body())
        .isEqualTo("{\"values\":[[\"bob\"],\"null\"]}\n");
    assertThat(send(to("/pstates/shop/totals?path=[]".replace("[]", "%5B%5D"))).body())
        .contains("an empty path");
    assertThat(send(to("/pstates/shop/totals")).body()).contains("the parameter path is missing");
  }

  @Test
  void probesAreThreeDifferentAnswers() throws Exception {
    assertThat(send(to("/health/ready")).statusCode()).isEqualTo(200);
    health.set(Health.starting("folding the journal, 40 %"));
    assertThat(send(to("/health/live")).statusCode()).isEqualTo(200);
    assertThat(send(to("/health/started")).statusCode()).isEqualTo(503);
    assertThat(send(to("/health/ready")).body()).contains("40 %");
    assertThat(send(to("/health/well")).statusCode()).isEqualTo(404);
  }

  @Test
  void beforeTheEngineIsThereDepotsAnswerThatItStarts() throws Exception {
    health.set(Health.starting("opening the checkpoint"));
    server.close();
    server = HttpServer.open(HttpOptions.loopback(0), health::get);
    var response = send(event(EVENTS).POST(BodyPublishers.ofString("{}")));
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body()).contains("opening the checkpoint");
  }

  @Test
  void metricsArePrometheusText() throws Exception {
    bulk("{\"n\":1}\n{\"n\":2}\n");
    var text = send(to("/metrics")).body();
    assertThat(text)
        .contains("millrace_http_events_total 2.0")
        .contains("millrace_connections{door=\"http\"}")
        .contains("millrace_http_requests_seconds_count{route=\"depots\",status=\"200\"} 1");
  }

  @Test
  void thePasswordGuardsAllButTheProbes() throws Exception {
    restart(HttpOptions.loopback(0).withPassword("geheim"));
    assertThat(send(to("/metrics")).statusCode()).isEqualTo(401);
    assertThat(send(to("/health/live")).statusCode()).isEqualTo(200);
    assertThat(send(to("/metrics").header("Authorization", "Bearer geheim")).statusCode())
        .isEqualTo(200);
    var basic = Base64.getEncoder().encodeToString("default:geheim".getBytes(UTF_8));
    assertThat(send(to("/metrics").header("Authorization", "Basic " + basic)).statusCode())
        .isEqualTo(200);
    assertThat(send(to("/metrics").header("Authorization", "Bearer wrong")).statusCode())
        .isEqualTo(401);
    assertThat(send(to("/metrics").header("Authorization", "Basic !!")).statusCode())
        .isEqualTo(401);
  }

  @Test
  void brokenHttpEndsInAnAnswerAndAClosedConnection() throws Exception {
    restart(HttpOptions.loopback(0).withHeadTimeoutMs(500));
    for (var text :
        new String[] {"GARBAGE\r\n\r\n", "GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n"}) {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
        socket.getOutputStream().write(text.getBytes(UTF_8));
        assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
            .startsWith("HTTP/1.1 400")
            .contains("\"PROTOCOL\"");
      }
    }
  }

  @Test
  void requestsOfOneConnectionAreAnsweredInOrder() throws Exception {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      var one = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
      var two = "GET /pstates/shop/totals?path=%5B1%5D HTTP/1.1\r\nHost: localhost\r\n\r\n";
      var last = "GET /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write((one + two + last).getBytes(UTF_8));
      assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
          .containsSubsequence("\"UP\"", "{\"values\":[[1],\"null\"]}", "nothing at this address");
    }
  }
}
