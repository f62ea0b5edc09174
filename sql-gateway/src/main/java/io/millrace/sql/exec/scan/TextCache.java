package io.millrace.sql.exec.scan;

import io.millrace.engine.state.HotPath;
import io.millrace.engine.table.ByteSlice;
import org.jspecify.annotations.Nullable;

/**
 * Decoded texts by their bytes, for columns with few values: the same String comes back, with its
 * hash computed already. Gives up where values do not repeat.
 */
@HotPath(benchmark = "PageScanBenchmark")
final class TextCache {
  private static final int SLOTS = 1024;
  private static final int TRIAL = 4096;
  private static final int MAX_LENGTH = 64;

  private final byte[][] keys = new byte[SLOTS][];
  private final @Nullable String[] texts = new String[SLOTS];
  private int asked;
  private int missed;
  private boolean off;

  String text(ByteSlice slice) {
    if (off || slice.length > MAX_LENGTH) {
      return slice.text();
    }
    var slot = slot(slice);
    var text = texts[slot];
    asked++;
    if (text != null && slice.contentEquals(keys[slot])) {
      return text;
    }
    if (++missed > TRIAL && missed > asked / 2) {
      off = true;
    }
    text = slice.text();
    keys[slot] = slice.copy();
    texts[slot] = text;
    return text;
  }

  private static int slot(ByteSlice slice) {
    int hash = slice.length;
    for (int i = slice.offset, end = slice.offset + slice.length; i < end; i++) {
      hash = hash * 31 + slice.array[i];
    }
    return (hash ^ hash >>> 15) & (SLOTS - 1);
  }
}
