package io.millrace.node.stops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A node with the module of orders in a process of its own, and the command line beside it. */
final class OrdersServer implements AutoCloseable {
  static final String PASSWORD = "let-me-in";

  private final Path directory;
  private final Path log;
  private final Process process;
  private final int resp;
  private final int sql;
  private final int http;
  private final HttpClient client = HttpClient.newHttpClient();

  /** How a command of the command line ended. */
  record Ended(int code, String out) {}

  private OrdersServer(Path directory, boolean mended) throws IOException {
    this.directory = directory;
    resp = freePort();
    sql = freePort();
    http = freePort();
    log = Files.createTempFile(directory, "server-", ".log");
    var command = java(mended);
    command.addAll(ports());
    command.addAll(
        List.of(
            "--dir",
            directory.resolve("data").toString(),
            "--tasks",
            "8",
            "--modules",
            "orders",
            "--hot-memory",
            "32mb",
            "--requirepass",
            PASSWORD));
    process = start(command, log);
  }

  /** Starts one and waits until it serves. */
  static OrdersServer start(Path directory, boolean mended) throws IOException {
    var server = new OrdersServer(directory, mended);
    Awaitility.await()
        .atMost(Duration.ofSeconds(120))
        .until(() -> server.log().contains("Ready to accept") || !server.process.isAlive());
    assertThat(server.process.isAlive()).as(server.log()).isTrue();
    return server;
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static List<String> java(boolean mended) {
    return new ArrayList<>(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-D" + Orders.MENDED + "=" + mended,
            "-cp",
            System.getProperty("java.class.path"),
            "io.millrace.node.Main"));
  }

  private List<String> ports() {
    return List.of("--port", "" + resp, "--sql-port", "" + sql, "--http-port", "" + http);
  }

  private static Process start(List<String> command, Path out) throws IOException {
    var builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
    builder.environment().put("MILLRACE_REQUIREPASS", PASSWORD);
    builder.redirectInput(new File("/dev/null"));
    return builder.start();
  }

  /** Runs the command line; {@code door} is {@code --port} or {@code --http-port}. */
  Ended cli(String door, String... words) throws IOException, InterruptedException {
    var command = java(false);
    command.addAll(List.of(words));
    command.addAll(List.of(door, "" + (door.equals("--port") ? resp : http)));
    var out = Files.createTempFile(directory, "cli-", ".log");
    var cli = start(command, out);
    assertThat(cli.waitFor(120, TimeUnit.SECONDS)).isTrue();
    return new Ended(cli.exitValue(), Files.readString(out));
  }

  HttpResponse<String> http(String method, String path, String body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http + path))
            .header("Authorization", "Bearer " + PASSWORD)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body));
    return client.send(request.build(), BodyHandlers.ofString());
  }

  Connection sql() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + sql + "/millrace", "millrace", PASSWORD);
  }

  int respPort() {
    return resp;
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    client.close();
  }
}
