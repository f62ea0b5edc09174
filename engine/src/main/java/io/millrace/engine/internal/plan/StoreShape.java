package io.millrace.engine.internal.plan;

import io.millrace.engine.tree.TreeShape;

/**
 * Sizes of the trees of a pstate.
 *
 * @param keyed shape of maps and sets
 * @param positional shape of lists
 * @param wholeLimit most elements of a subindexed part that is read whole
 */
public record StoreShape(TreeShape keyed, TreeShape positional, int wholeLimit) {
  private static final int PAGE_BYTES = 8192;
  private static final int INLINE_BYTES = 1024;
  private static final int INLINE_COUNT = 64;
  private static final int WHOLE_LIMIT = 10_000;

  /** The usual sizes. */
  public static StoreShape usual() {
    return new StoreShape(
        TreeShape.keyed(PAGE_BYTES, INLINE_BYTES, INLINE_COUNT),
        TreeShape.positional(PAGE_BYTES, INLINE_BYTES, INLINE_COUNT),
        WHOLE_LIMIT);
  }
}
