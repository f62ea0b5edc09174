package io.millrace.engine.internal.node;

import io.millrace.engine.internal.store.TieredStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Checkpoints that are kept beside the newest state: one directory each, named by the journal
 * position of its cut, which its meta record repeats. Each can be opened as a store and refolded
 * from, because the journal from the oldest one on is kept as well.
 */
final class KeptCheckpoints {
  /** Where they are, below the data directory. */
  static final String DIRECTORY = "checkpoints";

  private static final String GONE = ".gone";

  private final Path directory;
  private final int most;
  private List<Long> positions;

  private KeptCheckpoints(Path directory, int most) throws IOException {
    this.directory = directory;
    this.most = most;
    positions = find(directory);
  }

  /**
   * Finds those of a data directory and clears away what a crash left half made or half deleted.
   */
  static KeptCheckpoints open(Path dataDirectory, int most) throws IOException {
    Path directory = dataDirectory.resolve(DIRECTORY);
    if (most > 0) {
      Files.createDirectories(directory, DataDirectory.OWNER_DIRECTORY);
    }
    if (Files.isDirectory(directory)) {
      try (Stream<Path> found = Files.list(directory)) {
        for (Path path : found.toList()) {
          if (position(path) < 0) {
            delete(path);
          }
        }
      }
    }
    return new KeptCheckpoints(directory, most);
  }

  /** Positions of the checkpoints in a directory, oldest first. */
  static List<Long> find(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> found = Files.list(directory)) {
      return found.map(KeptCheckpoints::position).filter(p -> p >= 0).sorted().toList();
    }
  }

  private static long position(Path path) {
    String name = path.getFileName().toString();
    return name.matches("\\d{20}") ? Long.parseLong(name) : -1;
  }

  static Path path(Path directory, long position) {
    return directory.resolve(String.format(Locale.ROOT, "%020d", position));
  }

  /** Position of the oldest one; the journal from there on is still needed. */
  long oldest() {
    return positions.isEmpty() ? Long.MAX_VALUE : positions.getFirst();
  }

  /** Keeps the cut that has just become durable and lets go of those beyond the number to keep. */
  void keep(TieredStore store, long position) throws IOException {
    // Not by what is remembered: the last time may have ended between keeping it and this line.
    if (most > 0 && !Files.exists(path(directory, position))) {
      store.keep(path(directory, position));
    }
    List<Long> all = find(directory);
    int surplus = Math.max(0, all.size() - most);
    for (long old : all.subList(0, surplus)) {
      // Renamed first: a crash in the middle must not leave half a checkpoint under its name.
      Path gone = directory.resolve(old + GONE);
      Files.move(path(directory, old), gone, StandardCopyOption.ATOMIC_MOVE);
      delete(gone);
    }
    positions = all.subList(surplus, all.size());
  }

  /** Deletes a tree of files; does nothing when there is none. */
  static void delete(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
