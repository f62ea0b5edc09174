package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.junit.jupiter.api.Test;

class SeedsTest {
  @Test
  void repetitionsOfATestGetDifferentSeedsAndABuildTheSameEachTime() {
    assumeThat(System.getProperty("millrace.seed")).as("one seed is asked for").isNull();
    assertThat(Seeds.next(1)).isNotEqualTo(Seeds.next(2));
    if (!Boolean.getBoolean("millrace.explore")) {
      assertThat(Seeds.next()).isEqualTo(Seeds.next());
    }
  }
}
