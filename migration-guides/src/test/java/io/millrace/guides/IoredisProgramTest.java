package io.millrace.guides;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.MillraceNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program of {@code ioredis/}, unchanged, against Millrace and against {@code redis-server}.
 */
class IoredisProgramTest {
  private static final int CHECKS = 45;

  @TempDir Path dir;

  @Test
  void aProgramForNodeSeesTheSameOnBothServers() throws Exception {
    wantInstalled("node", "nodejs");
    wantInstalled("npm", "npm");
    Path program = install();
    int port = freePort();
    List<String> onMillrace;
    try (MillraceNode node = Servers.millrace(dir, port)) {
      onMillrace = run(program, port);
    }
    assertThat(onMillrace)
        .hasSizeGreaterThan(CHECKS)
        .contains("scripts answered or clearly refused: true", "quit: \"OK\"");
    wantInstalled("redis-server", "redis-server");
    int redisPort = freePort();
    Process redis = Servers.redis(dir, redisPort);
    try {
      Awaitility.await().until(() -> answers(redisPort));
      assertThat(onMillrace).isEqualTo(run(program, redisPort));
    } finally {
      redis.destroyForcibly();
    }
  }

  /** Skips the test, or under CI fails it, when a program is missing. */
  private static void wantInstalled(String program, String packageName) throws Exception {
    boolean installed;
    try {
      installed = new ProcessBuilder(program, "--version").start().waitFor() == 0;
    } catch (IOException e) {
      installed = false;
    }
    skipUnless(installed, program + " is not installed (package " + packageName + ")");
  }

  private static void skipUnless(boolean holds, String reason) {
    if (!holds) {
      assertThat(System.getenv("CI")).as(reason).isNull();
      System.out.println("SKIPPED: " + reason);
      Assumptions.abort(reason);
    }
  }

  private Path install() throws Exception {
    Path program = Files.createDirectories(dir.resolve("ioredis"));
    Path source =
        Path.of(System.getProperty("millrace.root", "..")).resolve("migration-guides/ioredis");
    for (String file : List.of("package.json", "program.js", ".npmrc")) {
      Files.copy(source.resolve(file), program.resolve(file));
    }
    Process npm = start(program, "npm.log", List.of("npm", "install", "--prefer-offline"));
    boolean installed = npm.waitFor(120, TimeUnit.SECONDS) && npm.exitValue() == 0;
    npm.destroyForcibly();
    if (!installed) {
      // Not a missing program: the registry is not reachable from here, under CI or not.
      String reason = "npm cannot install ioredis: " + Files.readString(dir.resolve("npm.log"));
      System.out.println("SKIPPED: " + reason);
      Assumptions.abort(reason);
    }
    return program;
  }

  private List<String> run(Path program, int port) throws Exception {
    Path output = dir.resolve("program-" + port + ".log");
    Process node =
        start(
            program,
            output.getFileName().toString(),
            List.of("node", "program.js", "redis://127.0.0.1:" + port + "/3"));
    boolean ended = node.waitFor(60, TimeUnit.SECONDS);
    node.destroyForcibly();
    assertThat(ended && node.exitValue() == 0).as(Files.readString(output)).isTrue();
    return Files.readAllLines(output);
  }

  private Process start(Path in, String log, List<String> command) throws IOException {
    return new ProcessBuilder(command)
        .directory(in.toFile())
        .redirectErrorStream(true)
        .redirectOutput(dir.resolve(log).toFile())
        .start();
  }

  private static boolean answers(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
