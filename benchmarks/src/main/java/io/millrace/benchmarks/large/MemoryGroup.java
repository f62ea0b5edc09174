package io.millrace.benchmarks.large;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A memory cgroup of version 1 or 2, made for one run. */
final class MemoryGroup implements AutoCloseable {
  private static final Path V2 = Path.of("/sys/fs/cgroup");
  private static final Path V1 = V2.resolve("memory");

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
    boolean first = Files.exists(V1.resolve("memory.limit_in_bytes"));
    Path path = (first ? V1 : V2).resolve(name);
    Files.createDirectory(path);
    MemoryGroup group = new MemoryGroup(path, first);
    try {
      group.write(first ? "memory.limit_in_bytes" : "memory.max", Long.toString(limitBytes));
      group.peakBytes();
      return group;
    } catch (IOException e) {
      group.close();
      throw e;
    }
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(path.resolve(file), text);
  }

  private String read(String file) throws IOException {
    return Files.readString(path.resolve(file)).strip();
  }

  /** The file a process writes its id to in order to enter. */
  Path processes() {
    return path.resolve("cgroup.procs");
  }

  /** Bytes in use now, page cache included. */
  long usedBytes() throws IOException {
    return Long.parseLong(read(first ? "memory.usage_in_bytes" : "memory.current"));
  }

  /** Most bytes that were ever in use, page cache included. */
  long peakBytes() throws IOException {
    return Long.parseLong(read(first ? "memory.max_usage_in_bytes" : "memory.peak"));
  }

  /** Memory that is no page cache: what cannot be given back without the process. */
  long anonymousBytes() throws IOException {
    return number("memory.stat", first ? "total_rss" : "anon");
  }

  /** Processes that the kernel killed for want of memory. */
  long killed() throws IOException {
    return number(first ? "memory.oom_control" : "memory.events", "oom_kill");
  }

  private long number(String file, String name) throws IOException {
    for (String line : read(file).split("\n")) {
      if (line.startsWith(name + " ")) {
        return Long.parseLong(line.substring(name.length() + 1));
      }
    }
    throw new NoSuchFileException(path.resolve(file) + ": no line " + name);
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(path);
  }
}
