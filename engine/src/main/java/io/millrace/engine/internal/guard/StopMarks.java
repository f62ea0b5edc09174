package io.millrace.engine.internal.guard;

import io.millrace.engine.internal.file.FileLayer;
import io.millrace.engine.internal.file.WholeFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stages that held a node until its process was ended, in a file {@code held-folds} of the data
 * directory, a line each. The next process that would run such a stage stops its topology instead,
 * by a journaled decision as ever; a replay never asks here.
 */
public final class StopMarks {
  private static final Logger LOG = LoggerFactory.getLogger(StopMarks.class);
  private static final String NAME = "held-folds";

  /** The stage of a topology for an event. */
  private record Key(String module, String topology, String depot, int partition, long offset) {}

  private final FileLayer files;
  private final @Nullable Path file;
  private final Map<Key, String> marks = new LinkedHashMap<>();
  private volatile boolean any;
  private long taken;
  private long saved;

  private StopMarks(FileLayer files, @Nullable Path file) {
    this.files = files;
    this.file = file;
  }

  /** Reads what the last process left. */
  public static StopMarks open(FileLayer files, Path directory) throws IOException {
    var file = directory.resolve(NAME);
    var marks = new StopMarks(files, file);
    if (files.exists(file)) {
      for (var line : new String(WholeFile.read(files, file), StandardCharsets.UTF_8).split("\n")) {
        marks.read(line);
      }
      marks.any = !marks.marks.isEmpty();
    }
    return marks;
  }

  /** Marks that no file keeps; for scratch copies. */
  public static StopMarks none(FileLayer files) {
    return new StopMarks(files, null);
  }

  private void read(String line) {
    var words = line.split("\t", 6);
    if (words.length == 6 && words[3].matches("\\d+") && words[4].matches("\\d+")) {
      var key =
          new Key(
              words[0], words[1], words[2], Integer.parseInt(words[3]), Long.parseLong(words[4]));
      marks.put(key, words[5]);
    } else if (!line.isBlank()) {
      LOG.warn("a line of {} cannot be read and is left out: {}", file, line);
    }
  }

  /** Read without a lock, to spare it when there are none. */
  public boolean any() {
    return any;
  }

  /** Keeps a stage for the next process. */
  synchronized void add(HeldFold fold) {
    marks.put(key(fold), fold.place().replace('\n', ' ').replace('\t', ' '));
    write();
  }

  /** Forgets a stage that has ended after all. */
  synchronized void remove(HeldFold fold) {
    if (marks.remove(key(fold)) != null) {
      write();
    }
  }

  private static Key key(HeldFold fold) {
    return new Key(fold.module(), fold.topology(), fold.depot(), fold.partition(), fold.offset());
  }

  /** Place at which a stage was marked, which is now forgotten; null when it was not. */
  public synchronized @Nullable String take(
      String module, String topology, String depot, int partition, long offset) {
    var place = marks.remove(new Key(module, topology, depot, partition, offset));
    any = !marks.isEmpty();
    if (place != null) {
      taken++;
    }
    return place;
  }

  /** How many marks have been taken. */
  public synchronized long taken() {
    return taken;
  }

  /** Writes what is left, when no mark was taken since: the decisions made of them are safe. */
  public synchronized void save(long takenThen) {
    if (taken == takenThen && saved < taken) {
      write();
      saved = taken;
    }
  }

  private void write() {
    if (file == null) {
      return;
    }
    var text = new StringBuilder();
    marks.forEach((key, place) ->
        text.append(key.module)
            .append('\t')
            .append(key.topology)
            .append('\t')
            .append(key.depot)
            .append('\t')
            .append(key.partition)
            .append('\t')
            .append(key.offset)
            .append('\t')
            .append(place)
            .append('\n'));
    try {
      if (marks.isEmpty()) {
        files.delete(file);
      } else {
        var bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
        var temporary = file.resolveSibling(NAME + ".new");
        WholeFile.write(files, temporary, List.of(bytes));
        files.rename(temporary, file);
      }
      files.syncDirectory(Objects.requireNonNull(file.toAbsolutePath().getParent()));
    } catch (IOException e) {
      LOG.error("{} cannot be written", file, e);
    }
  }
}
