package io.millrace.benchmarks.side;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Starts the two servers of a comparison, alike in durability and pinning. */
final class Peers {
  private Peers() {}

  /** {@code redis-server} with an append-only file, synced every second. */
  static ServerProcess redis(Path dir, String cores) throws IOException {
    int port = ServerProcess.freePort();
    List<String> command =
        List.of(
            "redis-server",
            "--port",
            Integer.toString(port),
            "--appendonly",
            "yes",
            "--appendfsync",
            "everysec",
            "--save",
            "",
            "--dir",
            Files.createDirectories(dir).toString());
    return ServerProcess.start("redis", command, cores, port, dir);
  }

  /** Millrace by a launch command in which {@code {port}} and {@code {dir}} are replaced. */
  static ServerProcess millrace(String name, String launch, Path dir, String cores)
      throws IOException {
    int port = ServerProcess.freePort();
    List<String> command =
        Arrays.stream(launch.split(" "))
            .map(word -> word.replace("{port}", Integer.toString(port)))
            .map(word -> word.replace("{dir}", dir.toString()))
            .toList();
    return ServerProcess.start(name, command, cores, port, dir);
  }
}
