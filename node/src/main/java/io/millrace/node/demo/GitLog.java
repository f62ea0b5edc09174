package io.millrace.node.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The commits of a local repository, oldest first, as events. Reads what {@code git log} prints.
 */
public final class GitLog implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FORMAT = "--format=%x01%H%x02%an%x02%at%x02%ct";

  private final Process process;
  private final BufferedReader lines;
  private @Nullable String nextHead;

  private GitLog(Process process) {
    this.process = process;
    lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8), 1 << 16);
  }

  /** Number of commits that {@link #open} gives. */
  public static long count(Path repository) throws IOException {
    if (run(repository, "rev-list", "--max-count=1", "--all").isBlank()) {
      throw new IOException("the repository has no commits yet");
    }
    var text = run(repository, "rev-list", "--count", "--no-merges", "HEAD");
    return Long.parseLong(text.strip());
  }

  /** Begins to read. */
  public static GitLog open(Path repository) throws IOException {
    var command =
        command(
            repository,
            "-c",
            "core.quotePath=false",
            "log",
            "--no-merges",
            "--reverse",
            "--numstat",
            FORMAT);
    var log = new GitLog(new ProcessBuilder(command).redirectErrorStream(false).start());
    log.nextHead = log.lines.readLine();
    return log;
  }

  private static List<String> command(Path repository, String... arguments) {
    var command = new ArrayList<>(List.of("git", "-C", repository.toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  private static String run(Path repository, String... arguments) throws IOException {
    Process process;
    try {
      process = new ProcessBuilder(command(repository, arguments)).start();
    } catch (IOException e) {
      throw new IOException("git cannot be run; install it", e);
    }
    try (var out = process.getInputStream();
        var err = process.getErrorStream()) {
      var text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      var complaint = new String(err.readAllBytes(), StandardCharsets.UTF_8).strip();
      if (!exited(process)) {
        throw new IOException(repository + ": " + complaint);
      }
      return text;
    }
  }

  private static boolean exited(Process process) throws IOException {
    try {
      return process.waitFor(1, TimeUnit.MINUTES) && process.exitValue() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** The next commit as one line of JSON, or null at the end. */
  public @Nullable String next() throws IOException {
    var head = nextHead;
    if (head == null) {
      return null;
    }
    var cells = head.substring(1).split("\u0002", -1);
    var event = JSON.createObjectNode();
    event.put("commit", cells[0]);
    event.put("author", cells[1]);
    event.put("authoredAt", Long.parseLong(cells[2]) * 1_000);
    event.put("committedAt", Long.parseLong(cells[3]) * 1_000);
    readFiles(event);
    return event.toString();
  }

  private void readFiles(ObjectNode event) throws IOException {
    var files = event.putArray("files");
    var line = lines.readLine();
    while (line != null && !line.startsWith("\u0001")) {
      var cells = line.split("\t", 3);
      if (cells.length == 3) {
        var file = files.addObject();
        file.put("path", cells[2]);
        put(file, "added", cells[0]);
        put(file, "deleted", cells[1]);
      }
      line = lines.readLine();
    }
    nextHead = line;
  }

  private static void put(ObjectNode file, String name, String count) {
    if (count.equals("-")) {
      file.putNull(name);
    } else {
      file.put(name, Long.parseLong(count));
    }
  }

  @Override
  public void close() throws IOException {
    lines.close();
    process.destroy();
  }
}
