package io.millrace.engine.internal.store.cut;

import io.millrace.engine.internal.store.cold.ColdCursor;
import io.millrace.engine.internal.store.hot.Block;
import io.millrace.engine.state.Ref;
import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * What memory says about one key of a sealed view.
 *
 * @param key array that holds the key
 * @param keyAt index of its first byte
 * @param block copy of the version the view sees; null when the cold tier has it
 */
record Sealed(long hash, byte[] key, int keyAt, int keyLength, byte @Nullable [] block) {
  static final Comparator<Sealed> BY_KEY =
      (x, y) ->
          Arrays.compareUnsigned(
              x.key, x.keyAt, x.keyAt + x.keyLength, y.key, y.keyAt, y.keyAt + y.keyLength);

  static final Comparator<Sealed> BY_HASH =
      (x, y) -> x.hash != y.hash ? Long.compareUnsigned(x.hash, y.hash) : BY_KEY.compare(x, y);

  /** From a copied block, which has the key. */
  static Sealed of(long hash, byte[] block) {
    int meta = Block.meta(block, 0);
    return new Sealed(hash, block, Block.keyAt(meta), Block.keyLength(meta), block);
  }

  /** Compares this key with the one under a cursor. */
  int compareKey(ColdCursor cursor) {
    return -cursor.compareKey(key, keyAt, keyLength);
  }

  /** Fills a Ref from the block, unless it is a tombstone. */
  boolean fill(Ref out, int space) {
    if (block == null || (Block.meta(block, 0) & Block.TOMBSTONE) != 0) {
      return false;
    }
    Block.fill(out, space, hash, block);
    return true;
  }
}
