package io.millrace.resp.differential;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Millrace as a process of its own, which a crash ends by {@code SIGKILL}. */
final class ChildTarget implements Target {
  private final Path directory;
  private final List<String> arguments;
  private Process process;
  private int port;
  private int kills;

  /**
   * Starts it.
   *
   * @param directory for its data and what it prints
   * @param jvmFlags flags of its JVM
   * @param node arguments of {@link ChildNode} behind the directory
   */
  ChildTarget(Path directory, List<String> jvmFlags, List<String> node) throws IOException {
    this.directory = directory;
    arguments = new ArrayList<>();
    arguments.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    arguments.addAll(
        List.of(
            "-Xmx192m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"));
    arguments.addAll(jvmFlags);
    arguments.addAll(
        List.of("-cp", System.getProperty("java.class.path"), ChildNode.class.getName()));
    arguments.add(directory.resolve("data").toString());
    arguments.addAll(node);
    process = start();
    port = announced();
  }

  private Process start() throws IOException {
    return new ProcessBuilder(arguments)
        .redirectError(directory.resolve("child-" + kills + ".log").toFile())
        .start();
  }

  private int announced() throws IOException {
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith("port ")) {
        return Integer.parseInt(line.substring(5));
      }
    }
    throw new IOException("the child did not start: see child-" + kills + ".log in " + directory);
  }

  @Override
  public int port() {
    return port;
  }

  int kills() {
    return kills;
  }

  @Override
  public void crash() throws IOException {
    stop();
    kills++;
    process = start();
    port = announced();
  }

  /** Lets it end by itself, as its input ends. */
  void finish() throws IOException {
    process.getOutputStream().close();
    join();
  }

  private void stop() {
    process.destroyForcibly();
    join();
  }

  private void join() {
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        throw new UncheckedIOException(new IOException("the child does not end"));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stop();
  }
}
