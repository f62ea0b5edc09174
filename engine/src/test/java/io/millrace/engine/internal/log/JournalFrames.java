package io.millrace.engine.internal.log;

import io.millrace.engine.internal.file.FaultFiles;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a start must say about a journal whose bytes were changed, computed from the frames it had:
 * those whose bytes are as they were are intact, all others are not.
 */
public final class JournalFrames {
  /** A frame of an undamaged segment. */
  record Frame(int from, int to, long position, long end, long syncedTo) {}

  /**
   * What is expected of a start.
   *
   * @param refused whether it must be refused, because something proves that more was on disk
   * @param end position at which the journal ends
   * @param cut whether bytes are cut, which must be said
   * @param unread segments the checkpoint makes needless
   */
  public record Expected(boolean refused, long end, boolean cut, List<Path> unread) {}

  private final Map<Path, byte[]> before =
      new TreeMap<>(Comparator.comparing(JournalFrames::first));

  /** Remembers the segments of a directory. */
  public JournalFrames(FaultFiles files, Path directory) {
    for (Path path : files.paths()) {
      if (directory.equals(path.getParent()) && first(path) >= 0) {
        before.put(path, files.bytes(path));
      }
    }
  }

  private static long first(Path path) {
    return JournalSegment.positionOf(String.valueOf(path.getFileName()));
  }

  /** The segments, oldest first. */
  public List<Path> segments() {
    return new ArrayList<>(before.keySet());
  }

  /** The frames of an undamaged segment. */
  static List<Frame> frames(byte[] bytes) {
    List<Frame> frames = new ArrayList<>();
    ByteBuffer b = ByteBuffer.wrap(bytes);
    for (int at = 0; at < bytes.length; ) {
      int length = b.getInt(at + 12);
      int to = at + FrameFormat.HEADER + length;
      long position = b.getLong(at + 28);
      frames.add(new Frame(at, to, position, position + length, b.getLong(at + 36)));
      at = to;
    }
    return frames;
  }

  /** The frames of a segment that are still as they were. */
  private List<Frame> intact(FaultFiles files, Path segment) {
    byte[] then = before.getOrDefault(segment, new byte[0]);
    byte[] now = files.bytes(segment);
    List<Frame> intact = new ArrayList<>(frames(then));
    intact.removeIf(frame ->
        frame.to > now.length
            || !Arrays.equals(then, frame.from, frame.to, now, frame.from, frame.to));
    return intact;
  }

  /** What a start must make of the files as they are now. */
  public Expected expected(FaultFiles files, long checkpoint) {
    List<Path> left = new ArrayList<>(before.keySet());
    left.removeIf(path -> !files.exists(path));
    if (left.isEmpty() || first(left.getFirst()) > checkpoint) {
      return new Expected(true, 0, false, List.of());
    }
    int read = 0;
    while (read + 1 < left.size() && first(left.get(read + 1)) < checkpoint) {
      read++;
    }
    long readFrom = first(left.get(read));
    List<Path> unread = new ArrayList<>(before.keySet());
    unread.removeIf(path -> first(path) >= readFrom);
    long end = first(left.get(read));
    for (int i = read; i < left.size(); i++) {
      int at = 0;
      if (first(left.get(i)) == end) {
        for (Frame frame : intact(files, left.get(i))) {
          if (frame.from != at) {
            break;
          }
          at = frame.to;
          end = frame.end;
        }
      }
      if (at < files.bytes(left.get(i)).length || first(left.get(i)) > end) {
        return broken(files, left, i, at, end, checkpoint, unread);
      }
    }
    return new Expected(end < checkpoint, end, false, unread);
  }

  private Expected broken(
      FaultFiles files,
      List<Path> left,
      int index,
      int at,
      long end,
      long checkpoint,
      List<Path> unread) {
    long proven = checkpoint;
    for (Path segment : left.subList(index, left.size())) {
      for (Frame frame : intact(files, segment)) {
        proven = Math.max(proven, frame.syncedTo);
      }
    }
    return new Expected(proven > end || (index == 0 && at == 0), end, true, unread);
  }
}
