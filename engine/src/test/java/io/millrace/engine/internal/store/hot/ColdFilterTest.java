package io.millrace.engine.internal.store.hot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ColdFilterTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void neverDeniesAnEntryThatIsInIt(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    ColdFilter filter = ColdFilter.empty();
    List<Long> present = new ArrayList<>();
    for (int round = 0; round < 40; round++) {
      boolean grow = random.nextInt(3) > 0;
      for (int i = random.nextInt(4000); i > 0; i--) {
        if (grow || present.isEmpty()) {
          long hash = random.nextLong() & 0x000F_FFFF_00FFL;
          filter.add(hash);
          present.add(hash);
        } else {
          int at = random.nextInt(present.size());
          filter.remove(present.get(at));
          present.set(at, present.getLast());
          present.removeLast();
        }
      }
      for (long hash : present) {
        assertThat(filter.mayContain(hash)).as("seed=%d round=%d", seed, round).isTrue();
      }
    }
  }

  @Test
  void isSeldomWrongAndSmall() {
    SplittableRandom random = new SplittableRandom(9);
    ColdFilter filter = ColdFilter.empty();
    int entries = 200_000;
    for (int i = 0; i < entries; i++) {
      filter.add(random.nextLong());
    }
    int wrong = 0;
    for (int i = 0; i < 100_000; i++) {
      wrong += filter.mayContain(random.nextLong()) ? 1 : 0;
    }
    assertThat(wrong).isLessThan(200);
    assertThat(filter.bytes() / (double) entries).isLessThan(10);
  }
}
