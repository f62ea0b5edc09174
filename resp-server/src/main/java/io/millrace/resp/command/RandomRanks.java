package io.millrace.resp.command;

import java.util.LinkedHashSet;
import java.util.SplittableRandom;

/** Random choice among the elements of a collection, by rank. */
public final class RandomRanks {
  private final SplittableRandom random;

  /** Creates a source with a seed of its own. */
  public RandomRanks() {
    random = new SplittableRandom();
  }

  /** One rank below a size. */
  public long one(long size) {
    return random.nextLong(size);
  }

  /** Ranks below a size: distinct ones, at most all, or any when repeats are allowed. */
  public long[] several(long size, int count, boolean repeats) {
    long[] ranks = new long[repeats ? count : (int) Math.min(count, size)];
    if (repeats) {
      for (int i = 0; i < count; i++) {
        ranks[i] = random.nextLong(size);
      }
    } else if (ranks.length == size) {
      for (int i = 0; i < size; i++) {
        ranks[i] = i;
      }
    } else {
      distinct(size, ranks);
    }
    return ranks;
  }

  private void distinct(long size, long[] ranks) {
    var chosen = new LinkedHashSet<Long>();
    for (long top = size - ranks.length; top < size; top++) {
      long pick = random.nextLong(top + 1);
      chosen.add(chosen.contains(pick) ? top : pick);
    }
    int i = 0;
    for (long rank : chosen) {
      ranks[i++] = rank;
    }
  }
}
