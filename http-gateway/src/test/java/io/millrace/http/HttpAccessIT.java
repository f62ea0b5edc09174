package io.millrace.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.http.metrics.Health;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may use the HTTP door, byte by byte: no web page, no second request in the same bytes. */
final class HttpAccessIT {
  private static final String EVENTS = "POST /depots/shop/orders/events HTTP/1.1\r\n";
  private static final String READ = "GET /pstates/shop/totals?path=%5B1%5D HTTP/1.1\r\n";
  private static final String JSON = "Content-Type: application/json\r\nContent-Length: 7\r\n";
  private static final String BODY = "\r\n{\"n\":1}";

  private final FakeBackend backend = new FakeBackend();
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
    server = HttpServer.open(options, Health::serving);
    server.serve(backend);
  }

  @AfterEach
  void close() {
    server.close();
  }

  /** Sends bytes, ends the sending, and answers all that comes. */
  private String raw(String text) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(text.getBytes(ISO_8859_1));
      socket.shutdownOutput();
      return read(socket);
    }
  }

  private static String read(Socket socket) throws IOException {
    try {
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    } catch (SocketException reset) {
      return "reset";
    }
  }

  private int status(String text) throws IOException {
    var answer = raw(text);
    return answer.startsWith("HTTP/1.1 ") ? Integer.parseInt(answer.substring(9, 12)) : 0;
  }

  @Test
  void aPageOfAnotherSiteCannotAppend() throws Exception {
    var host = "Host: localhost:" + server.port() + "\r\n";
    for (var type :
        List.of(
            "application/x-www-form-urlencoded", "text/plain", "multipart/form-data", "", "x/y")) {
      var line = type.isEmpty() ? "" : "Content-Type: " + type + "\r\n";
      assertThat(status(EVENTS + host + line + "Content-Length: 7\r\n" + BODY))
          .as(type)
          .isEqualTo(415);
    }
    for (var origin : List.of("http://evil.example", "null", "http://localhost:1", "file://")) {
      assertThat(status(EVENTS + host + "Origin: " + origin + "\r\n" + JSON + BODY))
          .as(origin)
          .isEqualTo(403);
    }
    assertThat(status(EVENTS + host + "Sec-Fetch-Site: cross-site\r\n" + JSON + BODY))
        .isEqualTo(403);
    assertThat(backend.events).isEmpty();
    var own = "Origin: http://localhost:" + server.port() + "\r\n";
    assertThat(status(EVENTS + host + own + JSON + BODY)).isEqualTo(200);
    assertThat(status(EVENTS + host + JSON + BODY)).isEqualTo(200);
    assertThat(backend.events).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "evil.example:8080", "localhost.evil.example", "x"})
  void aNameBoundToLoopbackIsNotAnswered(String name) throws Exception {
    var host = "Host: " + name + "\r\n";
    assertThat(status(EVENTS + host + JSON + BODY)).isEqualTo(421);
    for (var target : List.of("/metrics", "/", "/pstates/shop/totals?path=%5B1%5D")) {
      assertThat(status("GET " + target + " HTTP/1.1\r\n" + host + "\r\n")).isEqualTo(421);
    }
    assertThat(backend.events).isEmpty();
    assertThat(status("GET /health/live HTTP/1.1\r\n" + host + "\r\n")).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "127.0.0.1:8080", "[::1]:8080", "LOCALHOST:1", "app.localhost"})
  void addressesAndLocalhostAreAnswered(String name) throws Exception {
    assertThat(status("GET /metrics HTTP/1.1\r\nHost: " + name + "\r\n\r\n")).isEqualTo(200);
  }

  @Test
  void namesAndOriginsCanBeAllowed() throws Exception {
    restart(
        HttpOptions.loopback(0)
            .withAccess(
                new HttpAccess(
                    () -> "",
                    any -> true,
                    List.of("Millrace.lan"),
                    List.of("https://app.example"))));
    var host = "Host: millrace.lan:8080\r\n";
    var origin = "Origin: https://app.example\r\n";
    assertThat(raw(EVENTS + host + origin + JSON + BODY))
        .startsWith("HTTP/1.1 200")
        .contains("access-control-allow-origin: https://app.example");
    var ask = "OPTIONS /depots/shop/orders/events HTTP/1.1\r\n" + host;
    var method = "Access-Control-Request-Method: POST\r\n\r\n";
    assertThat(raw(ask + origin + method))
        .startsWith("HTTP/1.1 204")
        .contains("Access-Control-Allow-Headers: Content-Type");
    assertThat(raw(ask + "Origin: https://evil.example\r\n" + method))
        .startsWith("HTTP/1.1 403")
        .doesNotContain("ccess-Control", "ccess-control");
    assertThat(status(ask + method)).isEqualTo(405);
  }

  @Test
  void nothingIsSaidToPagesOfOtherSitesByDefault() throws Exception {
    var answer = raw(READ + "Host: localhost\r\n\r\n").toLowerCase(java.util.Locale.ROOT);
    assertThat(answer)
        .doesNotContain("access-control")
        .contains("x-content-type-options: nosniff", "cross-origin-resource-policy: same-origin");
  }

  @Test
  void theOriginCountsWithAPasswordToo() throws Exception {
    restart(HttpOptions.loopback(0).withPassword("secret"));
    var login = "Host: millrace.lan\r\nAuthorization: Basic OnNlY3JldA==\r\n";
    assertThat(status(READ + login + "\r\n")).isEqualTo(200);
    assertThat(status(EVENTS + login + "Origin: http://evil.example\r\n" + JSON + BODY))
        .isEqualTo(403);
  }

  @Test
  void protectedModeAnswersNobodyFromElsewhere() throws Exception {
    restart(
        HttpOptions.loopback(0)
            .withAccess(new HttpAccess(() -> "", any -> false, List.of(), List.of())));
    assertThat(raw(READ + "Host: localhost\r\n\r\n"))
        .startsWith("HTTP/1.1 403")
        .contains("protected mode");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /health/live HTTP/1.1\r\n\r\n",
        "GET /health/live HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
        "GET /health/live HTTP/1.1\r\nHost:\r\n\r\n",
        "GET /health/live HTTP/1.1\r\nHost: a/b\r\n\r\n",
        "GET http:///health/live HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET http://a@localhost/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET http://localhost/health/live HTTP/1.1\r\n\r\n",
        "GET ftp://localhost/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /health/live HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n",
        "GET /health/live HTTP/1.1\r\nHost: localhost\r\nX : a\r\n\r\n",
        "GET /health/live HTTP/1.1\r\nHost: localhost\r\n: a\r\n\r\n",
        "GET /health/live HTTP/1.1\r\nHost: localhost\r\nnonsense\r\n\r\n",
        "GET /health/live HTTP/1.1\nHost: localhost\n\n",
        "GET /health/live HTTP/1.1\r\nHost: localhost\r\nX: a\rb\r\n\r\n",
        "GET /health/live HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n\r\n",
        "GET /health/live HTTP/1.1\r\nHost: localhost\r\nX\u0001: a\r\n\r\n",
        "GET  /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /health/live\r\nHost: localhost\r\n\r\n",
        "*1\r\n$4\r\nPING\r\n",
        "POST /pstates/shop/totals HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n"
            + "Content-Length: 3\r\n\r\n[1]",
        "POST /pstates/shop/totals HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3, 3\r\n\r\n[1]",
        "POST /pstates/shop/totals HTTP/1.1\r\nHost: localhost\r\nContent-Length: +3\r\n\r\n[1]",
        "POST /pstates/shop/totals HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /pstates/shop/totals HTTP/1.1\r\nHost: localhost\r\n"
            + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "POST /pstates/shop/totals HTTP/1.1\r\nHost: localhost\r\n"
            + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "POST /pstates/shop/totals HTTP/1.0\r\nHost: localhost\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
      })
  void whatCanBeReadInTwoWaysIsRefusedAndTheConnectionEnds(String request) throws Exception {
    // What is hidden behind it must not be answered.
    var answer = raw(request + "GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 400 ").contains("PROTOCOL");
    assertThat(answer.split("HTTP/1.1 [0-9]{3} ", -1)).as(answer).hasSize(2);
  }

  @Test
  void theFormForProxiesIsAnsweredAndItsHostCounts() throws Exception {
    var own = "Host: localhost\r\n\r\n";
    var strange = "Host: evil.example\r\n\r\n";
    for (var target :
        List.of("http://localhost:8080/metrics", "HTTP://127.0.0.1/", "http://[::1]:1", "/?a=b")) {
      assertThat(status("GET " + target + " HTTP/1.1\r\n" + own)).as(target).isEqualTo(200);
    }
    assertThat(raw("GET http://localhost/pstates/shop/totals?path=%5B1%5D HTTP/1.1\r\n" + strange))
        .startsWith("HTTP/1.1 200")
        .contains("{\"values\":[[1],\"null\"]}");
    assertThat(status("GET http://localhost?a=/b HTTP/1.1\r\n" + own)).isEqualTo(200);
    assertThat(status("GET http://evil.example/metrics HTTP/1.1\r\n" + own)).isEqualTo(421);
  }

  @Test
  void longLinesAndHeadsAreRefused() throws Exception {
    assertThat(status("GET /" + "x".repeat(70_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        .isEqualTo(414);
    assertThat(
            status(
                "GET / HTTP/1.1\r\nHost: localhost\r\n"
                    + ("X: " + "y".repeat(1_000) + "\r\n").repeat(200)
                    + "\r\n"))
        .isEqualTo(431);
  }

  @Test
  void aHeadAByteAtATimeIsAnsweredWhileThereIsTimeAndEndsAfterIt() throws Exception {
    restart(HttpOptions.loopback(0).withHeadTimeoutMs(400));
    try (var whole = new Socket(InetAddress.getLoopbackAddress(), server.port());
        var silent = new Socket(InetAddress.getLoopbackAddress(), server.port());
        var slow = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      for (byte b : "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(ISO_8859_1)) {
        whole.getOutputStream().write(b);
      }
      whole.setSoTimeout(20_000);
      assertThat(whole.getInputStream().readNBytes(12)).asString().isEqualTo("HTTP/1.1 200");
      slow.getOutputStream().write("GET / HTTP/1.1\r\n".getBytes(ISO_8859_1));
      await()
          .until(() -> {
            try {
              slow.getOutputStream().write('X');
              return slow.getInputStream().available() > 0;
            } catch (SocketException gone) {
              return true;
            }
          });
      slow.setSoTimeout(20_000);
      assertThat(read(slow))
          .satisfiesAnyOf(
              text -> assertThat(text).startsWith("HTTP/1.1 408"),
              text -> assertThat(text).endsWith("reset"));
      silent.setSoTimeout(20_000);
      assertThat(read(silent)).isEmpty();
    }
  }

  @Test
  void aConnectionThatIsKeptOutlivesTheTimesOfItsRequests() throws Exception {
    restart(HttpOptions.loopback(0).withHeadTimeoutMs(300));
    try (var kept = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      kept.setSoTimeout(20_000);
      for (var i = 0; i < 5; i++) {
        kept.getOutputStream()
            .write("HEAD /health/live HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(ISO_8859_1));
        var line = new StringBuilder();
        while (!line.toString().endsWith("\r\n\r\n")) {
          var b = kept.getInputStream().read();
          assertThat(b).as("request %s, after: %s", i, line).isNotNegative();
          line.append((char) b);
        }
        assertThat(line).startsWith("HTTP/1.1 200");
        // Some wait between requests, some come at once.
        var pause = i % 2 * 400L;
        await().pollDelay(Duration.ofMillis(pause)).until(() -> true);
      }
    }
  }
}
