package io.millrace.engine.internal.store.cold;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a checkpoint has made durable: entries by family and stored key. Family 0 holds the meta
 * record of the last checkpoint. The real one is {@link RocksTier}; tests put one in its place that
 * loses what was not flushed.
 */
public interface ColdTier extends AutoCloseable {
  /** Answer of {@link #getCached} when the disk has to be asked. */
  byte[] NOT_CACHED = new byte[0];

  /** Key of the meta record in family 0. */
  byte[] META_KEY = {'c', 'u', 't'};

  /** State at one moment, for readers beside later batches. */
  interface ColdSnapshot {}

  /**
   * Reads a value if that needs no disk.
   *
   * @return the value, null when the key is absent, or {@link #NOT_CACHED}
   */
  byte @Nullable [] getCached(int family, byte[] key);

  /** Reads a value wherever it is. */
  byte @Nullable [] get(int family, byte[] key);

  /** Reads values together; null where there is none. */
  default List<byte @Nullable []> get(int[] families, List<byte[]> keys) {
    List<byte @Nullable []> values = new ArrayList<>(keys.size());
    for (int i = 0; i < families.length; i++) {
      values.add(get(families[i], keys.get(i)));
    }
    return values;
  }

  /** Reads a value as a snapshot sees it. */
  byte @Nullable [] get(int family, byte[] key, ColdSnapshot snapshot);

  ColdSnapshot snapshot();

  void release(ColdSnapshot snapshot);

  /**
   * A cursor over one space of one task, or null when there is nothing.
   *
   * @param snapshot what to look at, or null for the newest state
   */
  @Nullable ColdCursor cursor(int task, Space space, @Nullable ColdSnapshot snapshot);

  /** True when {@link #reopen} has to be called before the next batch is written. */
  boolean broken();

  /**
   * Opens again after a failed write, as it was when the last checkpoint was durable.
   *
   * @param expectedBytes size of the batch to be written next
   * @throws StoreFullException when the disk still lacks room; reads go on as before
   */
  void reopen(long expectedBytes);

  /** Flushes since it was opened. */
  long flushes();

  /** Makes a directory that can be opened as a cold tier, as this one is now. */
  void saveTo(Path target);

  /** Bytes of all tables on disk, with the large values that stand beside them. */
  default long tableBytes() {
    return 0;
  }

  /**
   * Whether tables may be merged, which for a while takes as much room as they have. On a full disk
   * a merge would only take the room of the next checkpoint and give it back when it has failed.
   */
  default void mayMerge(boolean allowed) {}

  /** Starts the batch of a checkpoint. */
  ColdBatch batch(long expectedBytes);

  @Override
  void close();
}
