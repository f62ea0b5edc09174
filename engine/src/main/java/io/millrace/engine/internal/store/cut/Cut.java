package io.millrace.engine.internal.store.cut;

import io.millrace.engine.internal.store.cold.Space;
import io.millrace.engine.internal.store.hot.Collector;
import java.util.List;

/** A sealed state of all tasks that is to become a checkpoint. */
public final class Cut {
  final int generation;
  final byte[] meta;
  final Collector collector;
  final List<Space> dropped;
  private final long position;

  Cut(int generation, long position, byte[] meta, Collector collector, List<Space> dropped) {
    this.generation = generation;
    this.position = position;
    this.meta = meta;
    this.collector = collector;
    this.dropped = dropped;
  }

  /** Journal position of the cut. */
  public long position() {
    return position;
  }
}
