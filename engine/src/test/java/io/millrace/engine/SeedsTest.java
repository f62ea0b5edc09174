package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SeedsTest {
  @Test
  void twoRunsGetDifferentSeedsUnlessOneIsFixed() {
    assertThat(Seeds.next()).isNotEqualTo(Seeds.next());
    assertThat(Runtime.version().feature()).isGreaterThanOrEqualTo(25);
  }
}
