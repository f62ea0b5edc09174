package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A server started by the launcher, as a user starts it. */
final class PackagedServer implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(90);

  private final Process process;
  private final Path out;
  private final Path err;

  private PackagedServer(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** The directory the launcher is in. */
  static Path root() {
    return Path.of(System.getProperty("millrace.root", "..")).toAbsolutePath().normalize();
  }

  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Starts the launcher with arguments; its output goes to files of a directory. */
  static PackagedServer start(Path directory, String... arguments) throws IOException {
    var command = new ArrayList<>(List.of(root().resolve("millrace").toString()));
    command.addAll(List.of(arguments));
    return start(directory, root(), Map.of("MILLRACE_BUILD", "no"), command);
  }

  /** Runs a whole command line in a folder, in which its output goes to files. */
  static PackagedServer start(Path folder, Map<String, String> environment, List<String> command)
      throws IOException {
    return start(folder, folder, environment, command);
  }

  private static PackagedServer start(
      Path logs, Path folder, Map<String, String> environment, List<String> command)
      throws IOException {
    var out = Files.createTempFile(logs, "out-", ".log");
    var err = Files.createTempFile(logs, "err-", ".log");
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().putAll(environment);
    var process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    return new PackagedServer(process, out, err);
  }

  PackagedServer awaitReady() throws IOException {
    Awaitility.await()
        .atMost(START)
        .until(() -> out().contains("Ready to accept connections") || !process.isAlive());
    assertThat(process.isAlive()).as(out() + err()).isTrue();
    return this;
  }

  /** Waits for the end by itself. */
  int exitCode() throws InterruptedException {
    assertThat(process.waitFor(START.toSeconds(), TimeUnit.SECONDS)).as("it has ended").isTrue();
    return process.exitValue();
  }

  /** SIGTERM. */
  int terminate() throws InterruptedException {
    process.destroy();
    return exitCode();
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    exitCode();
  }

  String out() throws IOException {
    return Files.readString(out);
  }

  String err() throws IOException {
    return Files.readString(err);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
