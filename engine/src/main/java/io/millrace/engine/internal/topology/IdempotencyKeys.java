package io.millrace.engine.internal.topology;

import io.millrace.engine.internal.runtime.FoldExecution;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Idempotency keys of a module's depots: which offset each was given. They are kept for seven days
 * of record time; each new key takes up to two old ones away, so that the table stays bounded.
 */
final class IdempotencyKeys {
  /** How long a key is remembered. */
  static final long KEEP_MS = 7 * 24 * 3600 * 1000L;

  private static final int CLEANED_PER_KEY = 2;

  private IdempotencyKeys() {}

  /**
   * Offset given to a key, or -1.
   *
   * @param depot first name of the depot
   */
  static long find(
      FoldExecution execution, Meta meta, String depot, int partition, byte[] key, long nowMs) {
    var value = meta.get(execution.task(partition), entry(depot, key));
    return value == null || meta.foundExpiry() <= nowMs ? -1 : ByteBuffer.wrap(value).getLong();
  }

  /**
   * Remembers a key; part of the fold of its record.
   *
   * @param depot first name of the depot
   */
  static void remember(
      FoldExecution execution, Meta meta, String depot, Origin origin, byte[] key) {
    var task = execution.task(origin.partition());
    var entry = entry(depot, key);
    var deadline = origin.timeMs() + KEEP_MS;
    var value = ByteBuffer.allocate(8).putLong(origin.offset()).array();
    meta.put(task, entry, value, deadline);

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

  private static byte[] entry(String depot, byte[] key) {
    var name = depot.getBytes(StandardCharsets.UTF_8);
    var entry = new byte[name.length + 2 + key.length];
    entry[0] = Meta.IDEMPOTENCY;
    System.arraycopy(name, 0, entry, 1, name.length);
    System.arraycopy(key, 0, entry, name.length + 2, key.length);
    return entry;
  }
}
