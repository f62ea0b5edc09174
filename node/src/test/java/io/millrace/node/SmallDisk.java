package io.millrace.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A file system in memory that is soon full. Who may mount has it mounted; for anybody else it is
 * mounted by a process in name spaces of its own, and seen through that process.
 */
final class SmallDisk implements AutoCloseable {
  private final Path root;
  private final Process keeper;

  /** Why there is none. */
  static final class Unavailable extends Exception {
    private static final long serialVersionUID = 1L;

    Unavailable(String message) {
      super(message);
    }
  }

  private SmallDisk(Path root, Process keeper) {
    this.root = root;
    this.keeper = keeper;
  }

  /** Mounts one of 96 MiB. */
  static SmallDisk make(Path directory) throws IOException, InterruptedException, Unavailable {
    var mount = Files.createDirectory(directory.resolve("disk"));
    // The one who keeps it waits for the end of its input.
    var keep = "mount -t tmpfs -o size=96m tmpfs \"$0\" && echo mounted && cat; umount -l \"$0\"";
    var here = List.of("sh", "-c", keep, mount.toString());
    var apart =
        List.of(
            "unshare", "--user", "--map-root-user", "--mount", "sh", "-c", keep, mount.toString());
    var mine = mounting(here);
    if (mine.said.equals("mounted")) {
      return new SmallDisk(mount, mine.process);
    }
    var theirs = mounting(apart);
    if (theirs.said.equals("mounted")) {
      var seen = Path.of("/proc", Long.toString(theirs.process.pid()), "root");
      return new SmallDisk(seen.resolve(mount.toString().substring(1)), theirs.process);
    }
    throw new Unavailable(
        "a small file system needs the right to mount ("
            + mine.said
            + "), or unshare and user name spaces ("
            + theirs.said
            + ")");
  }

  /** A process that was to mount, and the first line it said. */
  private record Mounting(Process process, String said) {}

  private static Mounting mounting(List<String> command)
      throws IOException, InterruptedException, Unavailable {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException missing) {
      throw new Unavailable("a small file system needs " + command.getFirst() + " and mount");
    }
    var said = process.inputReader(StandardCharsets.UTF_8).readLine();
    if (!"mounted".equals(said)) {
      end(process);
    }
    return new Mounting(process, String.valueOf(said));
  }

  private static void end(Process process) throws IOException, InterruptedException {
    process.getOutputStream().close();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }

  /** Where it is seen. */
  Path root() {
    return root;
  }

  @Override
  public void close() throws IOException, InterruptedException {
    end(keeper);
  }
}
