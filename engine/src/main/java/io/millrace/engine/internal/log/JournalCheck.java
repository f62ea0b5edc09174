package io.millrace.engine.internal.log;

import io.millrace.engine.internal.file.FileLayer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads every frame of a journal that nobody writes, and says what a start would find.
 *
 * @param start position of the oldest record
 * @param end position behind the newest record
 * @param epoch number of the newest start
 * @param frames intact frames
 * @param cutBytes bytes of an unacknowledged tail, which a start cuts
 * @param segments files up to the end, oldest first
 * @param lastBytes where the last of them ends
 */
public record JournalCheck(
    long start,
    long end,
    long epoch,
    long frames,
    long cutBytes,
    List<Path> segments,
    long lastBytes) {

  /**
   * Checks a journal.
   *
   * @param from position that must be in it, the oldest that is of interest; frames from the
   *     segment that holds it on are verified
   * @throws DamageException when bytes that were on disk are wrong or missing
   */
  public static JournalCheck of(FileLayer files, Path directory, long salt, long from)
      throws IOException {
    JournalScan scan = new JournalScan(files, directory, salt, from).run();
    List<Path> segments = new ArrayList<>();
    scan.segments.forEach(segment -> segments.add(segment.path));
    long start = scan.segments.isEmpty() ? 0 : scan.segments.getFirst().first;
    return new JournalCheck(
        start, scan.end, scan.epoch, scan.frames, scan.cutBytes, segments, scan.lastBytes);
  }

  /** Position of the oldest segment in some directories; -1 when there is none. */
  public static long oldest(FileLayer files, Path directory) throws IOException {
    long oldest = -1;
    for (String name : files.list(directory)) {
      long first = JournalSegment.positionOf(name);
      if (first >= 0 && (oldest < 0 || first < oldest)) {
        oldest = first;
      }
    }
    return oldest;
  }
}
