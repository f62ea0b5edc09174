package io.millrace.node.hostile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A memory cgroup of version 1 or 2, made for one test. */
final class MemoryGroup implements AutoCloseable {
  private static final Path SECOND = Path.of("/sys/fs/cgroup");
  private static final Path FIRST = SECOND.resolve("memory");

  private final Path path;
  private final boolean first;

  private MemoryGroup(Path path, boolean first) {
    this.path = path;
    this.first = first;
  }

  /**
   * Makes a group.
   *
   * @throws IOException when this machine does not allow it
   */
  static MemoryGroup create(String name, long limitBytes) throws IOException {
    boolean first = Files.exists(FIRST.resolve("memory.limit_in_bytes"));
    var path = (first ? FIRST : SECOND).resolve(name);
    Files.createDirectory(path);
    var group = new MemoryGroup(path, first);
    try {
      var limit = path.resolve(first ? "memory.limit_in_bytes" : "memory.max");
      Files.writeString(limit, Long.toString(limitBytes));
      group.killed();
      return group;
    } catch (IOException e) {
      group.close();
      throw e;
    }
  }

  /** A command line that runs another one inside. */
  List<String> entering() {
    return List.of(
        "sh", "-c", "echo $$ > " + path.resolve("cgroup.procs") + " && exec \"$@\"", "sh");
  }

  /** Processes that the kernel killed for want of memory. */
  long killed() throws IOException {
    for (var line :
        Files.readAllLines(path.resolve(first ? "memory.oom_control" : "memory.events"))) {
      if (line.startsWith("oom_kill ")) {
        return Long.parseLong(line.substring("oom_kill ".length()));
      }
    }
    throw new IOException(path + " does not count kills");
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(path);
  }
}
