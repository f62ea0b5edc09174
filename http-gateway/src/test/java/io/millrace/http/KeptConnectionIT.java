package io.millrace.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.http.metrics.Health;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A connection from one request to the next, and its end. */
final class KeptConnectionIT {
  private final FakeBackend backend = new FakeBackend();
  private HttpServer server;

  private void open(HttpOptions options, Supplier<Health> health) throws IOException {
    server = HttpServer.open(options, health);
    server.serve(backend);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private Socket connect(String text) throws IOException {
    var socket = new Socket();
    // Little room at this end, so that answers wait at the other.
    socket.setReceiveBufferSize(4 << 10);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
    socket.setSoTimeout(20_000);
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    return socket;
  }

  private static String rest(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
  }

  private String answers(String text) throws IOException {
    try (var socket = connect(text)) {
      return rest(socket);
    }
  }

  @Test
  void whoDoesNotReadIsAnsweredNoFurther() throws Exception {
    var large = new Health(true, true, true, "x".repeat(30_000));
    open(HttpOptions.loopback(0), () -> large);
    var many = 1_000;
    var one = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
    var last = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    try (var socket = connect(one.repeat(many) + last)) {
      // Until nothing more is answered.
      var before = new AtomicLong(-1);
      await()
          .pollInterval(Duration.ofMillis(700))
          .until(() -> {
            var now = answered();
            return before.getAndSet(now) == now && now > 0;
          });
      assertThat(answered()).isLessThan(many);
      assertThat(rest(socket).split("HTTP/1.1 200 ", -1)).hasSize(many + 2);
    }
  }

  private long answered() {
    var timer = server.registry().find("millrace.http.requests").tag("route", "health").timer();
    return timer == null ? 0 : timer.count();
  }

  @Test
  void anOldClientIsToldWhenItsConnectionIsKept() throws Exception {
    open(HttpOptions.loopback(0), Health::serving);
    var kept = "GET /health/live HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n";
    var last = "GET /health/live HTTP/1.0\r\n\r\n";
    var both = answers(kept + last).toLowerCase(java.util.Locale.ROOT);
    assertThat(both)
        .containsSubsequence("connection: keep-alive", "http/1.1 200", "connection: close");
  }

  @Test
  void aRefusedConnectionTakesNoTimeInTheMetrics() throws Exception {
    var some = HttpOptions.loopback(0);
    open(
        new HttpOptions(
            some.addresses(), 0, some.access(), some.maxBody(), 1, 5_000, some.requests()),
        Health::serving);
    try (var first = connect("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
      assertThat(first.getInputStream().readNBytes(12)).asString().isEqualTo("HTTP/1.1 200");
      assertThat(answers("")).startsWith("HTTP/1.1 503");
      var timer = server.registry().find("millrace.http.requests").tag("status", "503").timer();
      assertThat(timer).isNotNull();
      assertThat(timer.totalTime(TimeUnit.SECONDS)).isLessThan(5);
    }
  }

  @Test
  void aBrokenRequestBehindAQuestionForTheHeadHasItsReason() throws Exception {
    open(HttpOptions.loopback(0).withHeadTimeoutMs(500), Health::serving);
    assertThat(answers("HEAD /health/live HTTP/1.1\r\nHost: localhost\r\n\r\nBROKEN\r\n\r\n"))
        .containsSubsequence("HTTP/1.1 200", "HTTP/1.1 400", "\"PROTOCOL\"");
  }

  @Test
  void whatFailsWithoutAWordIsAnsweredAll() throws Exception {
    open(
        HttpOptions.loopback(0),
        () -> {
          throw new IllegalStateException("nobody knows");
        });
    var ask = "GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    assertThat(answers(ask)).startsWith("HTTP/1.1 500").contains("nobody knows");
  }

  @Test
  void anAnswerOnItsWayLeavesBeforeTheDoorIsClosed() throws Exception {
    open(HttpOptions.loopback(0), Health::serving);
    try (var idle = connect("");
        var busy =
            connect(
                "POST /depots/shop/orders/events HTTP/1.1\r\nHost: localhost\r\n"
                    + "Content-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"n\":1}")) {
      await().until(() -> backend.waiting() == 1);
      var closing = CompletableFuture.runAsync(server::close);
      assertThat(rest(idle)).isEmpty();
      backend.open.complete(null);
      assertThat(rest(busy)).startsWith("HTTP/1.1 200").contains("\"accepted\":1");
      closing.get(10, TimeUnit.SECONDS);
    }
  }
}
