package io.millrace.guides;

import io.millrace.node.MillraceNode;
import io.millrace.node.config.ConfigLoader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The two servers a sample runs against, with their data and logs in a directory of the test. */
final class Servers {
  private Servers() {}

  static MillraceNode millrace(Path directory, int port) {
    return MillraceNode.start(
        ConfigLoader.load(
            List.of(
                "--port", Integer.toString(port),
                "--sql-port", "0",
                "--http-port", "0",
                "--hot-memory", "64mb",
                "--dir", directory.resolve("data").toString()),
            Map.of()),
        code -> {},
        code -> {});
  }

  static Process redis(Path directory, int port) throws IOException {
    return new ProcessBuilder("redis-server", "--port", Integer.toString(port), "--save", "")
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("redis.log").toFile())
        .start();
  }
}
