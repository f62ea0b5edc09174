package io.millrace.engine.internal.depots;

import io.millrace.engine.internal.file.FileHandle;
import io.millrace.engine.internal.file.WholeFile;
import io.millrace.engine.internal.log.RecordView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Copies the later events of a segment, packed, into a segment of their own. */
final class SegmentTail {
  private static final int PACK_BYTES = 256 << 10;

  private final long salt;
  private final int depot;
  private final int partition;
  private final PendingBlock pending = new PendingBlock();
  private DepotPart made = DepotPart.empty(0);
  private long written;

  SegmentTail(long salt, int depot, int partition) {
    this.salt = salt;
    this.depot = depot;
    this.partition = partition;
  }

  /** Copies all but the first events; there must be more. */
  DepotPart copy(FileHandle in, Path file, FileHandle out, long without) throws IOException {
    BlockCursor cursor = new BlockCursor();
    long size = in.size();
    long seen = 0;
    for (long at = 0; at < size; ) {
      DepotBlock header = DepotBlock.header(in, file.toString(), at, salt);
      if (seen + header.count() > without) {
        cursor.set(header.events(in, file.toString(), at), header.raw(), header, file.toString());
        while (cursor.next()) {
          if (seen++ >= without) {
            add(cursor.record(), out);
          }
        }
      } else {
        seen += header.count();
      }
      at += header.bytes();
    }
    flush(out);
    return made.seal().resized(written);
  }

  private void add(RecordView record, FileHandle out) throws IOException {
    if (made.count() == 0 && pending.isEmpty()) {
      made = DepotPart.empty(record.offset());
    }
    pending.add(record);
    if (pending.length() >= PACK_BYTES) {
      flush(out);
    }
  }

  private void flush(FileHandle out) throws IOException {
    if (pending.isEmpty()) {
      return;
    }
    DepotBlock header = pending.header(depot, partition);
    ByteBuffer bytes = DepotBlock.encode(header, pending.bytes(), true, salt);
    written += WholeFile.append(out, bytes, written);
    made = made.with(header);
    pending.clear();
  }
}
