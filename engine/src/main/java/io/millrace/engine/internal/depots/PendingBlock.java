package io.millrace.engine.internal.depots;

import io.millrace.engine.internal.log.RecordFormat;
import io.millrace.engine.internal.log.RecordView;
import io.millrace.engine.internal.log.RecordWriter;
import java.util.Arrays;

/** Events collected for the next block of a partition. */
final class PendingBlock {
  private byte[] bytes = new byte[4096];
  private int length;
  private int count;
  private long firstOffset;
  private long lastOffset;
  private long firstPosition;
  private long endPosition;
  private long firstTime;
  private long lastTime;

  /** Adds a record: how far it is behind the first in the journal, then its bytes. */
  void add(RecordView record) {
    if (count == 0) {
      firstOffset = record.offset();
      firstPosition = record.position();
      firstTime = record.timeMs();
      lastTime = record.timeMs();
    }
    int size = record.end() - record.start();
    int needed = Math.addExact(length, Math.addExact(size, RecordFormat.MAX_LONG));
    if (bytes.length < needed) {
      bytes = Arrays.copyOf(bytes, Math.max(needed, bytes.length + (bytes.length >> 1)));
    }
    length = RecordWriter.putVarint(bytes, length, record.position() - firstPosition);
    System.arraycopy(record.bytes(), record.start(), bytes, length, size);
    length += size;
    count++;
    lastOffset = record.offset();
    endPosition = record.endPosition();
    firstTime = Math.min(firstTime, record.timeMs());
    lastTime = Math.max(lastTime, record.timeMs());
  }

  boolean isEmpty() {
    return count == 0;
  }

  int length() {
    return length;
  }

  byte[] bytes() {
    return bytes;
  }

  long firstOffset() {
    return firstOffset;
  }

  /** Its header, as an unpacked block. */
  DepotBlock header(int depot, int partition) {
    return new DepotBlock(
        0,
        length,
        length,
        0,
        count,
        depot,
        partition,
        firstOffset,
        lastOffset,
        firstPosition,
        endPosition,
        firstTime,
        lastTime);
  }

  byte[] copy() {
    return Arrays.copyOf(bytes, length);
  }

  void clear() {
    length = 0;
    count = 0;
    if (bytes.length > 4 << 20) {
      bytes = new byte[4096];
    }
  }
}
