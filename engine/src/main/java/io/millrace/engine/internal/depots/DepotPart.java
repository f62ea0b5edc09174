package io.millrace.engine.internal.depots;

import java.util.Locale;

/**
 * A segment of a depot partition, as the manifest knows it.
 *
 * @param first offset of its first event, which is also its name
 * @param bytes size; of a sealed segment only roughly, packing makes it smaller
 * @param sealed whether nothing is added any more
 * @param count events
 * @param lastOffset offset of its last event
 * @param firstTime stamp of its first event
 * @param lastTime stamp of its last event
 */
record DepotPart(
    long first,
    long bytes,
    boolean sealed,
    long count,
    long lastOffset,
    long firstTime,
    long lastTime) {
  static final String SUFFIX = ".depot";
  private static final int NAME_DIGITS = 20;

  static DepotPart empty(long first) {
    return new DepotPart(first, 0, false, 0, first - 1, Long.MAX_VALUE, Long.MIN_VALUE);
  }

  DepotPart with(DepotBlock block) {
    return new DepotPart(
        first,
        bytes + block.bytes(),
        sealed,
        count + block.count(),
        block.lastOffset(),
        Math.min(firstTime, block.firstTime()),
        Math.max(lastTime, block.lastTime()));
  }

  DepotPart seal() {
    return new DepotPart(first, bytes, true, count, lastOffset, firstTime, lastTime);
  }

  DepotPart resized(long size) {
    return new DepotPart(first, size, sealed, count, lastOffset, firstTime, lastTime);
  }

  String name() {
    return String.format(Locale.ROOT, "%0" + NAME_DIGITS + "d", first) + SUFFIX;
  }
}
