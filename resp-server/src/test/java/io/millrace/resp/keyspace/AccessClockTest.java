package io.millrace.resp.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The clock word: seconds, or minutes and a counter. */
final class AccessClockTest {
  @Test
  void aWordOfSecondsTellsHowLongAnEntryWasIdle() {
    var clock = new AccessClock();
    clock.tick(100);
    int word = clock.fresh();
    clock.tick(130);
    assertThat(clock.idle(word)).isEqualTo(30);
    assertThat(clock.idle(clock.used(word))).isZero();
    assertThat(clock.idle(clock.idleFor(1_000))).isEqualTo(1_000);
  }

  @Test
  void theCounterGrowsWithTheLogarithmOfTheUses() {
    var clock = new AccessClock();
    clock.configure(true, 10, 1);
    int word = clock.fresh();
    assertThat(clock.frequency(word)).isEqualTo(AccessClock.INITIAL);
    for (int i = 0; i < 100; i++) {
      word = clock.used(word);
    }
    int afterHundred = clock.frequency(word);
    assertThat(afterHundred).isBetween(6, 25);
    for (int i = 0; i < 100_000; i++) {
      word = clock.used(word);
    }
    // Redis's own table says 142 to 255 between a hundred thousand and a million uses.
    assertThat(clock.frequency(word)).isBetween(110, 180);
  }

  @Test
  void theCounterShrinksByOneEachPeriod() {
    var clock = new AccessClock();
    clock.configure(true, 10, 1);
    int word = clock.frequent(100);
    clock.tick(59);
    assertThat(clock.frequency(word)).isEqualTo(100);
    clock.tick(600);
    assertThat(clock.frequency(word)).isEqualTo(90);
    clock.tick(60_000);
    assertThat(clock.frequency(word)).isZero();
    clock.configure(true, 10, 0);
    assertThat(clock.frequency(word)).isEqualTo(100);
  }

  @Test
  void theLargestCounterStays() {
    var clock = new AccessClock();
    clock.configure(true, 0, 1);
    int word = clock.frequent(254);
    for (int i = 0; i < 10; i++) {
      word = clock.used(word);
    }
    assertThat(clock.frequency(word)).isEqualTo(255);
  }
}
