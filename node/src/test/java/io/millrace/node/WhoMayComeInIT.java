package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An address that other machines can reach, with and without a password, at all three doors. */
class WhoMayComeInIT {
  @TempDir Path directory;

  private String outside = "";

  @BeforeEach
  void findAnAddress() throws IOException {
    outside =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
            .map(InetAddress::getHostAddress)
            .findFirst()
            .orElse("");
    Assumptions.assumeFalse(outside.isEmpty(), "this machine has only loopback");
  }

  private LocalNode start() throws IOException {
    return LocalNode.start(directory, "--bind", "0.0.0.0", "--requirepass", "secret");
  }

  /** A client of the RESP door that reads lines. */
  private static final class Resp implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader in;

    Resp(LocalNode node, String host) throws IOException {
      socket = new Socket(host, node.node().respPort());
      socket.setSoTimeout(20_000);
      in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    String ask(String line) throws IOException {
      socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
      return read();
    }

    String read() throws IOException {
      return String.valueOf(in.readLine());
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private Connection sql(LocalNode node, String password) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://" + outside + ":" + node.node().sqlPort() + "/millrace?sslmode=disable",
        "millrace",
        password);
  }

  private int http(LocalNode node, String host) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      var uri = URI.create("http://" + host + ":" + node.node().httpPort() + "/metrics");
      return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).statusCode();
    }
  }

  @Test
  void withoutAPasswordProtectedModeKeepsOthersOutOfEveryDoor() throws Exception {
    try (var node = start();
        var inside = new Resp(node, "127.0.0.1");
        var proven = new Resp(node, outside);
        var stranger = new Resp(node, outside);
        var sql = sql(node, "secret")) {
      assertThat(proven.ask("AUTH secret")).isEqualTo("+OK");
      assertThat(stranger.ask("PING")).startsWith("-NOAUTH");
      assertThat(inside.ask("AUTH secret")).isEqualTo("+OK");
      assertThat(inside.ask("CONFIG SET requirepass \"\"")).isEqualTo("+OK");

      try (var late = new Resp(node, outside)) {
        assertThat(late.read())
            .startsWith(
                "-DENIED Running in protected mode because protected mode is enabled and no"
                    + " password is set for the default user. In this mode connections are only"
                    + " accepted from the loopback interface.");
        assertThat(late.read()).isEqualTo("null");
      }
      assertThat(stranger.read()).isEqualTo("null");
      assertThat(proven.ask("PING")).isEqualTo("+PONG");
      assertThat(http(node, outside)).isEqualTo(403);
      assertThatThrownBy(() -> sql(node, "").close())
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("protected mode")
          .extracting(e -> ((SQLException) e).getSQLState())
          .isEqualTo("28000");
      assertThat(LocalNode.column(sql, "select 1")).containsExactly("1");

      try (var near = new Resp(node, "127.0.0.1")) {
        assertThat(near.ask("PING")).isEqualTo("+PONG");
      }
      assertThat(http(node, "127.0.0.1")).isEqualTo(200);
      assertThat(inside.ask("CONFIG SET protected-mode no"))
          .contains("the node listens on 0.0.0.0", "anybody could come in");
      assertThat(http(node, outside)).isEqualTo(403);

      assertThat(inside.ask("CONFIG SET requirepass again")).isEqualTo("+OK");
      assertThat(http(node, outside)).isEqualTo(401);
      sql(node, "again").close();
    }
  }

  @Test
  void aNodeWithoutProtectedModeKeepsItsPassword() throws Exception {
    try (var node =
            LocalNode.start(
                directory,
                "--bind",
                "0.0.0.0",
                "--requirepass",
                "secret",
                "--protected-mode",
                "no");
        var inside = new Resp(node, "127.0.0.1")) {
      assertThat(inside.ask("AUTH secret")).isEqualTo("+OK");
      assertThat(inside.ask("CONFIG SET requirepass \"\"")).contains("anybody could come in");
      try (var late = new Resp(node, outside)) {
        assertThat(late.ask("PING")).startsWith("-NOAUTH");
      }
      assertThat(inside.ask("CONFIG SET requirepass \"\" protected-mode yes")).isEqualTo("+OK");
      Awaitility.await().until(() -> http(node, outside) == 403);
    }
  }

  @Test
  void whereTheDoorsAreIsToldAndNotChanged() throws Exception {
    try (var node = start();
        var inside = new Resp(node, "127.0.0.1");
        var sql = sql(node, "secret")) {
      assertThat(inside.ask("AUTH secret")).isEqualTo("+OK");
      assertThat(inside.ask("CONFIG GET bind")).isEqualTo("*2");
      for (var expected : new String[] {"$4", "bind", "$7", "0.0.0.0"}) {
        assertThat(inside.read()).isEqualTo(expected);
      }
      assertThat(inside.ask("CONFIG SET bind 127.0.0.1"))
          .contains("it is set at start: restart with --bind");
      assertThat(inside.ask("CONFIG SET bind 0.0.0.0")).isEqualTo("+OK");
      assertThat(LocalNode.column(sql, "select 1")).containsExactly("1");
    }
  }
}
