package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged server, started by the launcher. */
class LauncherPackagedIT {
  @TempDir Path directory;

  private final List<String> ports = new ArrayList<>();
  private int http;

  private String[] serving(String dir, String... more) throws IOException {
    http = PackagedServer.freePort();
    ports.clear();
    ports.addAll(
        List.of(
            "--dir", directory.resolve(dir).toString(),
            "--port", Integer.toString(PackagedServer.freePort()),
            "--sql-port", Integer.toString(PackagedServer.freePort()),
            "--http-port", Integer.toString(http)));
    ports.addAll(List.of(more));
    return ports.toArray(String[]::new);
  }

  private String send(String path, String body) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http + path));
      if (!body.isEmpty()) {
        request.POST(BodyPublishers.ofString(body)).header("Content-Type", "application/json");
      }
      return client.send(request.build(), BodyHandlers.ofString()).body();
    }
  }

  @Test
  void itStartsWithoutAWarningAndEndsInOrder() throws Exception {
    try (var server = PackagedServer.start(directory, serving("data")).awaitReady()) {
      assertThat(send("/health/ready", "")).contains("UP");
      assertThat(server.terminate()).isZero();
      assertThat(server.err()).doesNotContain("WARNING");
      assertThat(server.out()).contains("Bye");
    }
  }

  @Test
  void anAcknowledgedEventIsThereAfterSigkillAndNotTwiceWhenSentAgain() throws Exception {
    var event =
        "{\"commit\":\"c1\",\"author\":\"Ada\",\"authoredAt\":1,\"committedAt\":1,\"files\":[]}";
    var append = "/depots/git/commits/events?key-from=commit";
    var arguments = serving("data", "--modules", "git");
    try (var server = PackagedServer.start(directory, arguments).awaitReady()) {
      assertThat(send(append, event)).contains("\"duplicates\":0");
      server.kill();
    }
    try (var server = PackagedServer.start(directory, arguments).awaitReady()) {
      assertThat(send(append, event)).contains("\"duplicates\":1");
      assertThat(send("/pstates/git/authors?path=%5B%22Ada%22%5D", "")).contains("\"commits\":1");
      assertThat(server.terminate()).isZero();
    }
  }

  @Test
  void saveAnswersWhenTheCheckpointIsDurable() throws Exception {
    try (var server = PackagedServer.start(directory, serving("data")).awaitReady()) {
      var port = Integer.parseInt(ports.get(3));
      assertThat(inline(port, "SET a 1", "SAVE")).isEqualTo("+OK\r\n+OK\r\n");
      assertThat(send("/metrics", "")).containsPattern("millrace_checkpoints_total 1\\.0");
      assertThat(server.terminate()).isZero();
    }
  }

  private static String inline(int port, String... commands) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      var out = socket.getOutputStream();
      out.write((String.join("\r\n", commands) + "\r\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
      return new String(
          socket.getInputStream().readNBytes(commands.length * 5), StandardCharsets.UTF_8);
    }
  }

  @Test
  void aSecondStartOnOneDirectoryOrPortSaysWhy() throws Exception {
    try (var server = PackagedServer.start(directory, serving("data")).awaitReady()) {
      var taken = Integer.toString(http);
      try (var second = PackagedServer.start(directory, serving("data"))) {
        assertThat(second.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(second.err()).contains("in use");
      }
      try (var third = PackagedServer.start(directory, serving("other", "--http-port", taken))) {
        assertThat(third.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(third.err()).contains("cannot listen on 127.0.0.1:" + taken);
      }
      assertThat(server.terminate()).isZero();
    }
  }

  @Test
  void anUnknownKeyIsRefusedBeforeAnythingStarts() throws Exception {
    try (var server = PackagedServer.start(directory, "--hot-memroy", "1gb")) {
      assertThat(server.exitCode()).isEqualTo(ExitCode.USAGE);
      assertThat(server.err()).contains("did you mean 'hot-memory'?");
      assertThat(server.out()).isEmpty();
    }
  }

  @Test
  void withoutAJdkTheLauncherSaysWhatToDo() throws Exception {
    var empty = Files.createDirectory(directory.resolve("empty"));
    var java = Files.createDirectories(empty.resolve("jdk/bin")).resolve("java");
    Files.createFile(
        java, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    Files.writeString(empty.resolve("jdk/release"), "JAVA_VERSION=\"17.0.1\"\n");
    var text = Files.readString(PackagedServer.root().resolve("millrace"));
    var script = Files.writeString(empty.resolve("millrace"), onlyLookingIn(text, empty));
    var process =
        new ProcessBuilder("sh", script.toString())
            .redirectErrorStream(true)
            .redirectOutput(empty.resolve("out").toFile())
            .start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(1);
    assertThat(empty.resolve("out")).content().contains("no JDK 25 found", "JAVA_HOME");
  }

  /** The launcher, looking for a JDK in one place only, where there is an old one. */
  private static String onlyLookingIn(String script, Path place) {
    var from = script.indexOf("  for home in");
    var to = script.indexOf("; do", from);
    return script.substring(0, from) + "  for home in " + place + "/jdk" + script.substring(to);
  }
}
