package io.millrace.engine.internal.log;

import io.millrace.engine.internal.file.FileLayer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the segments at start and decides how far the journal goes. Bytes that are no intact frame
 * are <em>damage</em> when something proves that the disk once had them: a later frame that says
 * so, the checkpoint, or the journal's own beginning. Otherwise they are the <em>torn tail</em> of
 * a crash, which nobody was promised.
 */
final class JournalScan {
  private static final String RESTORE =
      "Nothing was changed. Restore a backup of the data directory, or put the missing file back.";

  private final FileLayer files;
  private final Path directory;
  private final long salt;
  private final long checkpoint;

  /** Segments up to the end of the journal, oldest first; empty for a new journal. */
  final List<JournalSegment> segments = new ArrayList<>();

  /** Files behind the end, to be deleted, oldest first. */
  final List<JournalSegment> surplus = new ArrayList<>();

  /** Index of the first segment that was read. */
  int firstRead;

  long end;
  long epoch;
  long cutBytes;

  /** Intact frames that were read. */
  long frames;

  /** Where the last segment must be cut; equal to its size when nothing is torn. */
  long lastBytes;

  JournalScan(FileLayer files, Path directory, long salt, long checkpoint) {
    this.files = files;
    this.directory = directory;
    this.salt = salt;
    this.checkpoint = checkpoint;
  }

  JournalScan run() throws IOException {
    for (String name : files.list(directory)) {
      long first = JournalSegment.positionOf(name);
      if (first >= 0) {
        segments.add(new JournalSegment(directory, first));
      }
    }
    segments.sort((a, b) -> Long.compare(a.first, b.first));
    if (segments.isEmpty()) {
      if (checkpoint > 0) {
        throw new DamageException(
            directory.toString(), 0, 0, "The journal is gone, the checkpoint needs it", RESTORE);
      }
      return this;
    }
    if (segments.get(0).first > checkpoint) {
      throw new DamageException(
          segments.get(0).path.toString(),
          0,
          checkpoint,
          "The journal begins at position " + segments.get(0).first + ", behind the checkpoint",
          RESTORE);
    }
    while (firstRead + 1 < segments.size() && segments.get(firstRead + 1).first < checkpoint) {
      firstRead++;
    }
    walk();
    if (end < checkpoint) {
      JournalSegment last = segments.get(segments.size() - 1);
      throw new DamageException(
          last.path.toString(),
          lastBytes,
          end,
          "The checkpoint is at position " + checkpoint + " but the journal ends before it",
          RESTORE);
    }
    return this;
  }

  private void walk() throws IOException {
    end = segments.get(firstRead).first;
    for (int i = 0; i < firstRead; i++) {
      segments.get(i).end = segments.get(i + 1).first;
    }
    for (int i = firstRead; i < segments.size(); i++) {
      JournalSegment segment = segments.get(i);
      if (segment.first != end) {
        broken(i, 0);
        return;
      }
      try (FrameCursor cursor = FrameCursor.open(files, segment.path, salt)) {
        long size = cursor.size();
        long at = 0;
        while (at < size && cursor.load(at) && follows(cursor)) {
          segment.note(end, at);
          frames++;
          at += cursor.frameBytes();
          end += cursor.length();
          epoch = cursor.epoch();
        }
        segment.bytes = at;
        if (at < size) {
          broken(i, at);
          return;
        }
      }
      if (i + 1 < segments.size()) {
        segment.end = segments.get(i + 1).first;
      }
    }
    lastBytes = segments.get(segments.size() - 1).bytes;
  }

  private boolean follows(FrameCursor cursor) {
    return cursor.position() == end && cursor.epoch() >= epoch && cursor.syncedTo() <= end;
  }

  /** The journal ends at {@link #end} unless the rest proves that it once went on. */
  private void broken(int index, long at) throws IOException {
    JournalSegment segment = segments.get(index);
    long proven = checkpoint;
    String proof = "the checkpoint";
    long rest = 0;
    for (int i = index; i < segments.size(); i++) {
      try (FrameCursor cursor = FrameCursor.open(files, segments.get(i).path, salt)) {
        long from = i == index ? at : 0;
        rest += cursor.size() - from;
        long found = cursor.find(from);
        while (found >= 0) {
          if (cursor.syncedTo() > proven) {
            proven = cursor.syncedTo();
            proof = "a later frame in " + cursor.file() + " at byte " + found;
          }
          found = cursor.find(found + cursor.frameBytes());
        }
      }
    }
    boolean started = segments.size() > 1 || segment.first > 0 || rest > FrameFormat.HEADER;
    boolean beginning = index == 0 && at == 0 && started;
    if (proven > end || beginning) {
      boolean missing = segment.first > end && at == 0;
      throw new DamageException(
          missing ? directory.toString() : segment.path.toString(),
          at,
          end,
          (missing
                  ? "A part of the journal is missing before " + segment.path.getFileName()
                  : "The journal is damaged")
              + (beginning ? "" : ", " + proof + " proves that it was on disk"),
          RESTORE);
    }
    cutBytes = rest;
    int keep = at == 0 && index > 0 ? index : index + 1;
    surplus.addAll(segments.subList(keep, segments.size()));
    segments.subList(keep, segments.size()).clear();
    JournalSegment last = segments.get(segments.size() - 1);
    last.end = Long.MAX_VALUE;
    lastBytes = keep == index ? last.bytes : at;
  }
}
