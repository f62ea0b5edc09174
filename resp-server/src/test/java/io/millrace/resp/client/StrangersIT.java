package io.millrace.resp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.resp.TestNode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients may do that have not logged in: little, and not for long. */
final class StrangersIT {
  @TempDir Path directory;

  private TestNode start(String... settings) throws IOException {
    var all = new java.util.HashMap<>(Map.of("requirepass", "secret"));
    for (int i = 0; i < settings.length; i += 2) {
      all.put(settings[i], settings[i + 1]);
    }
    return TestNode.start(directory, 1, all, config -> config.withTasks(4));
  }

  /** True when the server has closed the connection. */
  private static boolean closed(Socket socket) throws IOException {
    socket.setSoTimeout(50);
    try {
      return socket.getInputStream().read() < 0;
    } catch (java.net.SocketTimeoutException stillOpen) {
      return false;
    } catch (SocketException reset) {
      return true;
    }
  }

  @Test
  void whoDoesNotLogInInTimeIsClosedEvenWhileSending() throws Exception {
    try (var node = start("login-timeout", "1");
        var silent = new Socket("127.0.0.1", node.port());
        var slow = new Socket("127.0.0.1", node.port());
        var user = new TextClient(node.port())) {
      assertThat(user.ask("AUTH", "secret")).isEqualTo("+OK");
      slow.getOutputStream().write("*2\r\n$4\r\nAUTH\r\n$16000\r\n".getBytes());
      Awaitility.await()
          .until(() -> {
            try {
              slow.getOutputStream().write('x');
            } catch (SocketException gone) {
              return true;
            }
            return closed(slow);
          });
      Awaitility.await().until(() -> closed(silent));
      assertThat(user.ask("PING")).isEqualTo("+PONG");
      assertThat(user.ask("RESET")).isEqualTo("+RESET");
      Awaitility.await().until(() -> node.door().clients() == 0);
    }
  }

  @Test
  void strangersLeaveRoomForThoseWhoLogIn() throws Exception {
    List<TextClient> open = new ArrayList<>();
    try (var node = start("maxclients", "8", "login-timeout", "3600")) {
      for (int i = 0; i < 4; i++) {
        open.add(new TextClient(node.port()));
      }
      Awaitility.await().until(() -> node.door().clients() == 4);
      try (var fifth = new TextClient(node.port())) {
        assertThat(fifth.read()).isEqualTo("-ERR max number of clients reached");
      }
      assertThat(open.getFirst().ask("AUTH", "secret")).isEqualTo("+OK");
      try (var fifth = new TextClient(node.port())) {
        assertThat(fifth.ask("AUTH", "secret")).isEqualTo("+OK");
      }
    } finally {
      for (var client : open) {
        client.close();
      }
    }
  }

  @Test
  void whoDoesNotReadWhatARefusalSaysIsClosed() throws Exception {
    try (var node = start();
        var socket = new Socket()) {
      socket.setReceiveBufferSize(4096);
      socket.connect(new InetSocketAddress("127.0.0.1", node.port()));
      // Refused with a text as long as the name.
      var unknown = "*1\r\n$120\r\n" + "x".repeat(120) + "\r\n";
      byte[] many = unknown.repeat(100).getBytes(StandardCharsets.US_ASCII);
      Awaitility.await()
          .atMost(Duration.ofSeconds(90))
          .until(() -> {
            try {
              socket.getOutputStream().write(many);
              return node.door().clients() == 0;
            } catch (SocketException gone) {
              return true;
            }
          });
    }
  }

  @Test
  void passwordsAreComparedByteByByte() throws Exception {
    try (var node = start("requirepass", "p\uFFFD");
        var client = new TextClient(node.port())) {
      assertThat(client.ask("AUTH", "p\u00ff")).startsWith("-WRONGPASS");
      assertThat(client.ask("HELLO", "3", "AUTH", "default", "p\u00fe")).startsWith("-WRONGPASS");
      assertThat(client.ask("AUTH", "p\u00ef\u00bf\u00bd")).isEqualTo("+OK");
      assertThat(client.ask("CONFIG", "SET", "requirepass", "x\u00ff"))
          .contains("argument is not valid UTF-8");
      assertThat(client.ask("INFO", "stats")).contains("acl_access_denied_auth:2");
    }
  }

  @Test
  void anIdleClientIsClosedWhenThereIsATimeout() throws Exception {
    try (var node = start();
        var idle = new TextClient(node.port());
        var listens = new TextClient(node.port());
        var busy = new TextClient(node.port())) {
      for (var client : List.of(idle, listens, busy)) {
        assertThat(client.ask("AUTH", "secret")).isEqualTo("+OK");
      }
      listens.ask("SUBSCRIBE", "news");
      assertThat(busy.ask("CONFIG", "SET", "timeout", "1")).isEqualTo("+OK");
      Awaitility.await()
          .until(() -> busy.ask("PING").equals("+PONG") && node.door().clients() == 2);
      assertThat(busy.ask("PUBLISH", "news", "x")).isEqualTo(":1");
    }
  }

  @Test
  void whoIsServedOrSendsIsNotIdle() throws Exception {
    try (var node = start("requirepass", "", "timeout", "2");
        var waits = new TextClient(node.port());
        var queues = new TextClient(node.port());
        var sends = new TextClient(node.port())) {
      waits.send(List.of("BLPOP", "q", "4"));
      queues.ask("MULTI");
      sends.sendRaw("*2\r\n$4\r\nECHO\r\n$12\r\n".getBytes(StandardCharsets.US_ASCII));
      for (int i = 0; i < 12; i++) {
        await().pollDelay(Duration.ofMillis(330)).until(() -> true);
        sends.sendRaw(new byte[] {'x'});
        assertThat(queues.ask("PING")).isEqualTo("+QUEUED");
      }
      sends.sendRaw("\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(sends.read()).isEqualTo("$xxxxxxxxxxxx");
      assertThat(queues.ask("EXEC")).startsWith("*[+PONG");
      assertThat(waits.read()).isEqualTo("nil");
      await().pollDelay(Duration.ofMillis(1500)).until(() -> true);
      assertThat(waits.ask("PING")).isEqualTo("+PONG");
    }
  }

  @Test
  void whoIsMadeToWaitIsNotIdle() throws Exception {
    try (var node = start("requirepass", "", "timeout", "1");
        var client = new TextClient(node.port())) {
      assertThat(client.ask("CLIENT", "PAUSE", "3500", "ALL")).isEqualTo("+OK");
      assertThat(client.ask("PING")).isEqualTo("+PONG");
    }
  }

  @Test
  void aBodyOfAnotherProtocolNeverRuns() throws Exception {
    try (var node = start("requirepass", "");
        var client = new TextClient(node.port())) {
      assertThat(client.ask("SET", "k", "v")).isEqualTo("+OK");
      for (var first :
          List.of(
              "POST / HTTP/1.1",
              "GET / HTTP/1.1",
              "PUT /x HTTP/1.1",
              "DELETE / HTTP/1.1",
              "CUSTOM / HTTP/1.0",
              "Host: localhost",
              "\u0016\u0003\u0001")) {
        try (var socket = new Socket("127.0.0.1", node.port())) {
          socket.setSoTimeout(20_000);
          socket
              .getOutputStream()
              .write(
                  (first
                          + "\r\nHost: localhost:6379\r\nContent-Length: 20\r\n\r\nFLUSHALL\r\nFLUSHALL\r\n")
                      .getBytes(StandardCharsets.ISO_8859_1));
          assertThat(read(socket)).as(first).doesNotContain("+OK");
        }
        assertThat(client.ask("GET", "k")).as(first).contains("v");
      }
    }
  }

  private static String read(Socket socket) throws IOException {
    try {
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (SocketException reset) {
      return "";
    }
  }
}
