package io.millrace.node.crash;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A server process that will be killed, or loses its disk. */
final class CrashServer implements AutoCloseable {
  private final Process process;
  private final int port;
  private final Path log;

  private CrashServer(Process process, int port, Path log) {
    this.process = process;
    this.port = port;
    this.log = log;
  }

  /**
   * Starts a server.
   *
   * @param root directory that holds data and log
   * @param prefix class path entries in front of the product's
   */
  static CrashServer start(Path root, List<Path> prefix, Map<String, String> settings)
      throws IOException {
    return start(List.of(), root, prefix, settings);
  }

  /** The same by a command that starts what follows it. */
  static CrashServer start(
      List<String> by, Path root, List<Path> prefix, Map<String, String> settings)
      throws IOException {
    int port = freePort();
    String path =
        prefix.stream()
                .map(entry -> entry + java.io.File.pathSeparator)
                .collect(Collectors.joining())
            + System.getProperty("java.class.path");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                path,
                "io.millrace.node.Main",
                "--port",
                Integer.toString(port)));
    settings.forEach((name, value) -> {
      command.add("--" + name);
      command.add(value);
    });
    command.addAll(0, by);
    Path log = root.resolve("server.log");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    return new CrashServer(process, port, log);
  }

  int port() {
    return port;
  }

  Process process() {
    return process;
  }

  boolean alive() {
    return process.isAlive();
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor(20, TimeUnit.SECONDS);
  }

  /** Waits some time, or until the process ends. */
  void pause(long millis) throws InterruptedException {
    process.waitFor(millis, TimeUnit.MILLISECONDS);
  }

  /** Connects as soon as the server answers. */
  Wire connect() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (System.nanoTime() < deadline && process.isAlive()) {
      try {
        Wire wire = new Wire(port);
        if ("PONG".equals(wire.call("PING"))) {
          return wire;
        }
        wire.close();
      } catch (IOException e) {
        process.waitFor(20, TimeUnit.MILLISECONDS);
      }
    }
    throw new AssertionError("the server did not come up; end of its log:\n" + tail());
  }

  /** End of the log. */
  String tail() throws IOException {
    String text = Files.readString(log);
    return text.substring(Math.max(0, text.length() - 3000));
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }
}
