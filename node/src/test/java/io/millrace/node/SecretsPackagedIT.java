package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What other users of the machine see of a server: no password, and none of its files. */
class SecretsPackagedIT {
  private static final String SECRET = "marked \"secret-7141";

  @TempDir Path directory;
  private int resp;

  private List<String> serving(String... more) throws IOException {
    resp = PackagedServer.freePort();
    var command = new ArrayList<>(List.of(PackagedServer.root().resolve("millrace").toString()));
    command.addAll(
        List.of(
            "--dir", directory.resolve("data").toString(),
            "--logfile", directory.resolve("server.log").toString(),
            "--port", Integer.toString(resp),
            "--sql-port", Integer.toString(PackagedServer.freePort()),
            "--http-port", Integer.toString(PackagedServer.freePort())));
    command.addAll(List.of(more));
    return command;
  }

  private PackagedServer start(Map<String, String> environment, List<String> command)
      throws IOException {
    var all = new java.util.HashMap<>(environment);
    all.put("MILLRACE_BUILD", "no");
    Files.deleteIfExists(directory.resolve("server.log"));
    return PackagedServer.start(Files.createDirectories(directory.resolve("logs")), all, command);
  }

  private String resp(String... commands) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), resp)) {
      socket.setSoTimeout(20_000);
      for (var command : commands) {
        socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
      }
      socket.getOutputStream().write("QUIT\r\n".getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void awaitLogin() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(90))
        .ignoreExceptions()
        .until(() -> Files.readString(directory.resolve("server.log")).contains("Ready to accept"));
    Awaitility.await()
        .atMost(Duration.ofSeconds(90))
        .ignoreExceptions()
        .until(() ->
            resp("AUTH \"marked \\\"secret-7141\"", "PING").equals("+OK\r\n+PONG\r\n+OK\r\n"));
  }

  /** Command lines of all processes. */
  private static String processes() {
    var lines = new StringBuilder();
    ProcessHandle.allProcesses()
        .forEach(process ->
            process.info().commandLine().ifPresent(line -> lines.append(line).append('\n')));
    return lines.toString();
  }

  @Test
  void aPasswordOfTheCommandLineIsSeenByNobody() throws Exception {
    try (var server = start(Map.of(), serving("--requirepass", SECRET))) {
      awaitLogin();
      assertThat(processes()).contains("--dir").doesNotContain("secret-7141");
      assertThat(resp("AUTH wrong-7142", "PING")).startsWith("-WRONGPASS");
      assertThat(
              resp(
                  "AUTH \"marked \\\"secret-7141\"",
                  "CONFIG SET slowlog-log-slower-than 0",
                  "CONFIG SET requirepass \"marked \\\"secret-7141\"",
                  "INFO everything",
                  "CLIENT LIST",
                  "SLOWLOG GET 100"))
          .contains("(redacted)")
          .doesNotContain("secret-7141");
      assertThat(server.err()).contains("--requirepass-file FILE or MILLRACE_REQUIREPASS");
      assertThat(server.terminate()).isZero();
      assertThat(server.out() + server.err()).doesNotContain("714");
    }
    assertThat(Files.readString(directory.resolve("server.log")))
        .contains("login refused: client=127.0.0.1")
        .doesNotContain("secret-7141", "wrong-7142");
  }

  @Test
  void aPasswordComesFromAFileOrTheEnvironment() throws Exception {
    var file = Files.writeString(directory.resolve("password"), SECRET + "\n");
    try (var server = start(Map.of(), serving("--requirepass-file", file.toString()))) {
      awaitLogin();
      assertThat(server.err()).doesNotContain("password on the command line");
      assertThat(server.terminate()).isZero();
    }
    try (var server = start(Map.of("MILLRACE_REQUIREPASS", SECRET), serving())) {
      awaitLogin();
      assertThat(server.terminate()).isZero();
    }
    try (var server =
        start(
            Map.of("MILLRACE_REQUIREPASS", SECRET),
            serving("--requirepass-file", file.toString()))) {
      assertThat(server.exitCode()).isEqualTo(ExitCode.USAGE);
      assertThat(server.err()).contains("leave one of them out").doesNotContain("secret-7141");
    }
    try (var server = start(Map.of(), serving("--requirepass", SECRET, "--print-config"))) {
      assertThat(server.exitCode()).isZero();
      assertThat(server.out()).contains("requirepass (set)").doesNotContain("secret-7141");
    }
  }

  @Test
  void filesAreForTheirOwnerOnly() throws Exception {
    try (var server =
        start(Map.of("MILLRACE_REQUIREPASS", SECRET), serving("--keep-checkpoints", "1"))) {
      awaitLogin();
      assertThat(resp("AUTH \"marked \\\"secret-7141\"", "SET k v", "SAVE"))
          .isEqualTo("+OK\r\n+OK\r\n+OK\r\n+OK\r\n");
      assertThat(server.terminate()).isZero();
    }
    assertThat(mode(directory.resolve("server.log"))).isEqualTo("rw-------");
    try (var files = Files.walk(directory.resolve("data"))) {
      assertThat(files)
          .hasSizeGreaterThan(8)
          .allSatisfy(file -> assertThat(mode(file)).as(file.toString()).endsWith("------"));
    }
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void aDirectoryOfOthersAndALinkedLockAreRefused() throws Exception {
    var data = Files.createDirectory(directory.resolve("data"));
    var precious = Files.writeString(directory.resolve("precious"), "precious");
    Files.createSymbolicLink(data.resolve("LOCK"), precious);
    try (var server = start(Map.of(), serving())) {
      assertThat(server.exitCode()).isEqualTo(ExitCode.FAILED);
      assertThat(server.err()).contains("LOCK is a symbolic link");
    }
    assertThat(precious).content().isEqualTo("precious");
    Files.delete(data.resolve("LOCK"));
    Files.writeString(data.resolve("letter.txt"), "mine");
    try (var server = start(Map.of(), serving())) {
      assertThat(server.exitCode()).isEqualTo(ExitCode.FAILED);
      assertThat(server.err()).contains("that are not of Millrace (letter.txt)");
    }
    try (var left = Files.list(data)) {
      assertThat(left).hasSize(1);
    }
  }
}
