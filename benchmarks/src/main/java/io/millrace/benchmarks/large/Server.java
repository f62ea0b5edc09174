package io.millrace.benchmarks.large;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Millrace inside a memory group, started by its launcher, killed, and started again. */
final class Server implements AutoCloseable {
  private static final long START_NANOS = TimeUnit.MINUTES.toNanos(15);

  private final List<String> launch;
  private final MemoryGroup group;
  private final Path directory;
  private final int port = freePort();
  private final int httpPort = freePort();
  private volatile boolean down = true;
  private @Nullable Process process;
  private int starts;

  Server(String launch, MemoryGroup group, Path directory) throws IOException {
    this.launch = List.of(launch.split(" "));
    this.group = group;
    this.directory = directory;
    Files.createDirectories(directory);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  int port() {
    return port;
  }

  int httpPort() {
    return httpPort;
  }

  /**
   * Waits for the end of the kill that broke a connection; a connection that broke without one is
   * an error.
   */
  void awaitUp(IOException broken) throws IOException {
    // A kill is noticed here a moment before, or after, the one who killed says so.
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
    if (!down) {
      throw broken;
    }
    while (down) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  /** Starts and waits for the first answer; returns how long that took in seconds. */
  double start() throws IOException {
    long begin = System.nanoTime();
    process =
        inGroup(
                List.of(
                    "--port",
                    Integer.toString(port),
                    "--http-port",
                    Integer.toString(httpPort),
                    "--sql-port",
                    "0",
                    "--keep-journal",
                    "yes",
                    "--enable-debug-command",
                    "yes"),
                List.of())
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
            .start();
    starts++;
    awaitAnswer();
    down = false;
    return (System.nanoTime() - begin) / 1e9;
  }

  /** A process of the launcher inside the group, on the data directory. */
  private ProcessBuilder inGroup(List<String> arguments, List<String> subcommand) {
    List<String> command =
        new ArrayList<>(
            List.of("sh", "-c", "echo $$ > \"$0\" && exec \"$@\"", group.processes().toString()));
    command.addAll(launch);
    command.addAll(subcommand);
    command.addAll(arguments);
    command.addAll(List.of("--dir", directory.resolve("data").toString(), "--modules", "policies"));
    return new ProcessBuilder(command).redirectErrorStream(true);
  }

  private Path log() {
    return directory.resolve("server.log");
  }

  /** What {@code verify} says of the directory of the stopped server, inside the group as well. */
  String verify() throws IOException {
    Process verifying = inGroup(List.of(), List.of("verify")).start();
    String said = new String(verifying.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = verifying.onExit().join().exitValue();
    if (exit != 0) {
      throw new IOException("verify ended with " + exit + ":\n" + said);
    }
    return said;
  }

  private void awaitAnswer() throws IOException {
    long deadline = System.nanoTime() + START_NANOS;
    while (System.nanoTime() < deadline && alive()) {
      try (Pipe pipe = new Pipe(port)) {
        if ("PONG".equals(pipe.ask("PING"))) {
          return;
        }
      } catch (IOException e) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      }
    }
    throw new IOException("start " + starts + " failed; the end of its log:\n" + logTail());
  }

  boolean alive() {
    Process now = process;
    return now != null && now.isAlive();
  }

  /** The last lines of the log. */
  String logTail() throws IOException {
    String[] lines = Files.readString(log()).split("\n");
    return String.join(
        "\n", Arrays.copyOfRange(lines, Math.max(0, lines.length - 12), lines.length));
  }

  /** SIGKILL. */
  void kill() {
    down = true;
    end();
  }

  private void end() {
    Process now = process;
    if (now != null) {
      now.destroyForcibly();
      now.onExit().join();
    }
  }

  @Override
  public void close() {
    end();
  }
}
