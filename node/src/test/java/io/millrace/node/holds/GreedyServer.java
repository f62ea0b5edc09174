package io.millrace.node.holds;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A process with {@link GreedyFolds}, a small heap, and the launcher's way to start. */
final class GreedyServer implements AutoCloseable {
  private static final int WAIT_S = 90;

  private final Process process;
  private final Path log;
  private final int port;
  private final int sqlPort;
  private final int httpPort;

  private GreedyServer(Process process, Path log, int port, int sqlPort, int httpPort) {
    this.process = process;
    this.log = log;
    this.port = port;
    this.sqlPort = sqlPort;
    this.httpPort = httpPort;
  }

  static GreedyServer start(Path dir) throws IOException {
    var port = freePort();
    var sqlPort = freePort();
    var httpPort = freePort();
    var log = Files.createTempFile(dir, "server-", ".log");
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx384m",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            "io.millrace.node.Main",
            "--dir",
            dir.resolve("data").toString(),
            "--port",
            Integer.toString(port),
            "--sql-port",
            Integer.toString(sqlPort),
            "--http-port",
            Integer.toString(httpPort),
            "--lanes",
            "2",
            "--hot-memory",
            "64mb",
            "--fold-max-time-ms",
            "500",
            "--fold-max-events",
            "20000",
            "--modules",
            "greedy_folds");
    var process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    var server = new GreedyServer(process, log, port, sqlPort, httpPort);
    Awaitility.await()
        .atMost(WAIT_S, TimeUnit.SECONDS)
        .until(() -> server.log().contains("Ready to accept connections") || !process.isAlive());
    assertThat(process.isAlive()).as(server.log()).isTrue();
    return server;
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  int port() {
    return port;
  }

  String jdbc() {
    return "jdbc:postgresql://127.0.0.1:" + sqlPort + "/millrace";
  }

  String http() {
    return "http://127.0.0.1:" + httpPort;
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  /** SIGTERM. */
  int terminate() throws InterruptedException {
    process.destroy();
    assertThat(process.waitFor(WAIT_S, TimeUnit.SECONDS)).as("it has ended").isTrue();
    return process.exitValue();
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor(WAIT_S, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
