package io.millrace.engine.internal.runtime;

import io.millrace.engine.internal.codec.ByteReader;
import io.millrace.engine.internal.codec.ByteWriter;
import io.millrace.engine.internal.guard.EventTree;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Events that folds want appended and the journal does not hold yet, first in first out. They are
 * state: a cut may come between an event and what its fold appended, so they are in it.
 *
 * <p>Used with the lock held.
 */
final class Emissions {
  /** Ends the runtime's part of a cut when emissions stand in front of it. */
  private static final int MAGIC = 0x656d6974;

  private static final int FOOTER_BYTES = 2 * Integer.BYTES;

  private final ArrayDeque<Emission> queue = new ArrayDeque<>();

  /** What folds emitted during replay and the journal has not shown yet. */
  private final Map<Cause, Emission> expected = new LinkedHashMap<>();

  private long emitted;
  private long settled;

  /** A fold emits an event. */
  void add(Emission emission) {
    queue.add(emission);
    emitted++;
    emission.tree().planned();
  }

  /** How many have been emitted since the start. */
  long emitted() {
    return emitted;
  }

  /** How many of those have been journaled and folded, the oldest first. */
  long settled() {
    return settled;
  }

  int size() {
    return queue.size();
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  @Nullable Emission first() {
    return queue.peek();
  }

  /** The first has been journaled and folded. */
  void settle(Emission first) {
    queue.remove();
    settled++;
    first.tree().finished();
  }

  /** Takes back what a fold emitted that is run again, or has failed. */
  void truncate(int size) {
    while (queue.size() > size) {
      queue.removeLast().tree().unplanned();
      emitted--;
    }
  }

  /** The record being folded has another offset than was thought. */
  void move(FoldRecord record, long from) {
    for (int left = queue.size(); left > 0; left--) {
      Emission e = queue.remove();
      Cause cause = e.cause();
      boolean ours =
          cause.depotId() == record.depotId
              && cause.task() == record.partition
              && cause.offset() == from;
      queue.add(ours ? e.causedBy(record.recordOffset) : e);
    }
  }

  /** A replayed fold emitted an event. */
  void expect(Emission emission) {
    expected.put(emission.cause(), emission);
  }

  /** The journal has shown an event. */
  void shown(Cause cause) {
    expected.remove(cause);
  }

  /** Everything the journal held has been folded: what it has not shown comes next. */
  int endReplay() {
    int missing = expected.size();
    expected.values().forEach(this::add);
    expected.clear();
    return missing;
  }

  /** Adds what is here to the runtime's part of a cut. */
  byte[] into(byte[] meta) {
    if (queue.isEmpty() && expected.isEmpty()) {
      return meta;
    }
    ByteWriter out = new ByteWriter();
    List<Emission> all = new ArrayList<>(queue);
    all.addAll(expected.values());
    out.varint(all.size());
    for (Emission e : all) {
      out.varint(e.depotId());
      out.varint(e.partition());
      out.varint(e.typeId());
      out.varint(e.version());
      out.varint(e.cause().task());
      out.varint(e.cause().depotId());
      out.varint(e.cause().offset());
      out.varint(e.cause().ordinal());
      out.varint(e.body().length);
      out.put(e.body());
    }
    byte[] encoded = out.toBytes();
    return ByteBuffer.allocate(meta.length + encoded.length + FOOTER_BYTES)
        .put(meta)
        .put(encoded)
        .putInt(encoded.length)
        .putInt(MAGIC)
        .array();
  }

  /** Reads what a cut held; the journal behind it may show some. */
  void load(byte[] meta) {
    int end = meta.length - FOOTER_BYTES;
    if (end < 0 || ByteBuffer.wrap(meta).getInt(end + Integer.BYTES) != MAGIC) {
      return;
    }
    int length = ByteBuffer.wrap(meta).getInt(end);
    ByteReader in = new ByteReader(meta, end - length, length);
    EventTree tree = new EventTree();
    for (long left = in.varint(); left > 0; left--) {
      int depot = (int) in.varint();
      int partition = (int) in.varint();
      int type = (int) in.varint();
      int version = (int) in.varint();
      Cause cause = new Cause((int) in.varint(), (int) in.varint(), in.varint(), (int) in.varint());
      byte[] body = in.copy(in.length());
      expect(new Emission(depot, partition, type, version, body, cause, tree));
    }
  }
}
