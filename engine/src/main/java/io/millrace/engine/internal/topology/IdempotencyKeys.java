package io.millrace.engine.internal.topology;

import io.millrace.engine.internal.codec.ByteReader;
import io.millrace.engine.internal.codec.ByteWriter;
import io.millrace.engine.internal.runtime.FoldExecution;
import io.millrace.engine.internal.stage.HopValueCodec;
import io.millrace.engine.internal.stage.Meta;
import io.millrace.engine.internal.stage.Origin;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Idempotency keys of a module's depots: which offset each was given, and what topologies answered.
 * They are kept for seven days of record time; each new key takes up to two old ones away, so that
 * the table stays bounded.
 *
 * <p>An entry is the offset (8 bytes) and, for each topology that answered, its name and the answer
 * in the form of waiting hops, both with their lengths.
 */
public final class IdempotencyKeys {
  /** How long a key is remembered. */
  static final long KEEP_MS = 7 * 24 * 3600 * 1000L;

  private static final int CLEANED_PER_KEY = 2;

  private IdempotencyKeys() {}

  /**
   * What is known of a key.
   *
   * @param offset offset it was given
   * @param acks answers by first name of the topology, as bytes
   */
  public record Known(long offset, Map<String, byte[]> acks) {}

  /**
   * What is known of a key, or null.
   *
   * @param depot first name of the depot
   */
  static @Nullable Known find(
      FoldExecution execution, Meta meta, String depot, int partition, byte[] key, long nowMs) {
    var value = meta.get(execution.task(partition), entry(depot, key));
    return value == null || meta.foundExpiry() <= nowMs ? null : decode(value);
  }

  /**
   * Remembers a key and what was answered so far; the end of the fold of its record.
   *
   * @param depot first name of the depot
   */
  static void remember(
      FoldExecution execution,
      Meta meta,
      String depot,
      Origin origin,
      byte[] key,
      Map<String, byte[]> acks) {
    var task = execution.task(origin.partition());
    var entry = entry(depot, key);
    meta.put(task, entry, encode(origin.offset(), acks), origin.timeMs() + KEEP_MS);

    var ends = meta.get(task, Meta.key(Meta.RING, depot, -1));
    var head = ends == null ? 0 : ByteBuffer.wrap(ends).getLong(0);
    var tail = ends == null ? 0 : ByteBuffer.wrap(ends).getLong(8);
    for (var i = 0; i < CLEANED_PER_KEY && head < tail; i++) {
      var oldest = Meta.key(Meta.RING, depot, head);
      var expired = meta.get(task, oldest);
      if (expired != null) {
        var found = meta.get(task, expired);
        if (found != null && meta.foundExpiry() > origin.timeMs()) {
          break;
        }
        meta.remove(task, expired);
        meta.remove(task, oldest);
      }
      head++;
    }
    meta.put(task, Meta.key(Meta.RING, depot, tail), entry, 0);
    var moved = ByteBuffer.allocate(16).putLong(head).putLong(tail + 1).array();
    meta.put(task, Meta.key(Meta.RING, depot, -1), moved, 0);
  }

  /**
   * Adds an answer that came in the fold of a later record, unless the key is forgotten.
   *
   * @param depot first name of the depot
   * @param topology first name of the topology
   */
  static void add(
      FoldExecution execution,
      Meta meta,
      String depot,
      Origin origin,
      byte[] key,
      String topology,
      byte[] answer) {
    var task = execution.task(origin.partition());
    var entry = entry(depot, key);
    var value = meta.get(task, entry);
    if (value == null) {
      return;
    }
    var deadline = meta.foundExpiry();
    var known = decode(value);
    if (known.offset == origin.offset()) {
      known.acks.put(topology, answer);
      execution.touched(origin.partition());
      meta.put(task, entry, encode(known.offset, known.acks), deadline);
    }
  }

  private static byte[] encode(long offset, Map<String, byte[]> acks) {
    var out = new ByteWriter(8);
    out.longBe(offset);
    acks.forEach((topology, answer) -> {
      HopValueCodec.text(topology, out);
      HopValueCodec.bytes(answer, out);
    });
    return out.toBytes();
  }

  private static Known decode(byte[] value) {
    var in = new ByteReader(value, 0, value.length);
    var offset = in.longBe();
    var acks = new LinkedHashMap<String, byte[]>();
    while (in.remaining() > 0) {
      acks.put(HopValueCodec.text(in), in.copy(in.length()));
    }
    return new Known(offset, acks);
  }

  private static byte[] entry(String depot, byte[] key) {
    var name = depot.getBytes(StandardCharsets.UTF_8);
    var entry = new byte[name.length + 2 + key.length];
    entry[0] = Meta.IDEMPOTENCY;
    System.arraycopy(name, 0, entry, 1, name.length);
    System.arraycopy(key, 0, entry, name.length + 2, key.length);
    return entry;
  }
}
