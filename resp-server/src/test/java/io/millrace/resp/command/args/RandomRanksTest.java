package io.millrace.resp.command.args;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Random ranks, few and many. */
final class RandomRanksTest {
  private static List<Long> choose(RandomRanks ranks, long size, long count) {
    var chosen = new ArrayList<Long>();
    ranks.choose(size, count, chosen::add);
    return chosen;
  }

  @Test
  void distinctOnesAreAsManyAsAskedForAndNoneTwice() {
    long seed = Seeds.next();
    var ranks = new RandomRanks(new SplittableRandom(seed));
    for (long count : new long[] {0, 1, 7, 4096, 4097, 9_999, 10_000, 20_000, Long.MAX_VALUE}) {
      assertThat(choose(ranks, 10_000, count))
          .as("seed=%s count=%s", seed, count)
          .hasSize((int) Math.min(count, 10_000))
          .doesNotHaveDuplicates()
          .allMatch(rank -> rank >= 0 && rank < 10_000);
    }
  }

  @Test
  void manyOfThemAreSpreadOverAll() {
    long seed = Seeds.next();
    var ranks = new RandomRanks(new SplittableRandom(seed));
    int inLowerHalf = 0;
    for (long rank : choose(ranks, 100_000, 50_000)) {
      inLowerHalf += rank < 50_000 ? 1 : 0;
    }
    assertThat(inLowerHalf).as("seed=%s", seed).isBetween(24_000, 26_000);
  }

  @Test
  void repeatsAreAllowedForANegativeCount() {
    assertThat(choose(new RandomRanks(), 3, -1000)).hasSize(1000).containsOnly(0L, 1L, 2L);
    assertThat(RandomRanks.number(3, -9_000_000_000L)).isEqualTo(9_000_000_000L);
  }
}
