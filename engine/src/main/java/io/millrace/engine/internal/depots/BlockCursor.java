package io.millrace.engine.internal.depots;

import io.millrace.engine.internal.log.DamageException;
import io.millrace.engine.internal.log.RecordView;
import org.jspecify.annotations.Nullable;

/** Walks the events of an unpacked block. */
final class BlockCursor {
  private final RecordView view = new RecordView();
  private byte[] bytes = new byte[0];
  private int at;
  private int limit;
  private long firstPosition;
  private String file = "";
  private long firstOffset;

  void set(byte[] events, int length, DepotBlock block, String from) {
    bytes = events;
    at = 0;
    limit = length;
    firstPosition = block.firstPosition();
    firstOffset = block.firstOffset();
    file = from;
  }

  boolean next() {
    if (at >= limit) {
      return false;
    }
    long behind = 0;
    int shift = 0;
    byte x;
    do {
      if (at >= limit || shift > 63) {
        throw malformed(null);
      }
      x = bytes[at++];
      behind |= (long) (x & 0x7f) << shift;
      shift += 7;
    } while (x < 0);
    try {
      at = view.wrap(bytes, at, limit, firstPosition + behind);
    } catch (IllegalStateException e) {
      throw malformed(e);
    }
    return true;
  }

  private DamageException malformed(@Nullable Throwable cause) {
    DamageException damage =
        new DamageException(
            file, at, firstOffset, "A block of a depot holds no events", "Restore a backup.");
    if (cause != null) {
      damage.initCause(cause);
    }
    return damage;
  }

  RecordView record() {
    return view;
  }
}
