package io.millrace.engine.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RequestMemoryTest {
  private static final long MIB = 1 << 20;

  @Test
  void largePiecesLeaveAQuarterToSmallOnes() {
    var memory = RequestMemory.ofHeap(200 * MIB);
    assertThat(memory.limit()).isEqualTo(40 * MIB);
    assertThat(memory.take(30 * MIB)).isTrue();
    assertThat(memory.take(2 * MIB)).isFalse();
    for (int i = 0; i < 10; i++) {
      assertThat(memory.take(MIB)).isTrue();
    }
    assertThat(memory.take(1)).isFalse();
    memory.give(30 * MIB);
    assertThat(memory.take(2 * MIB)).isTrue();
    assertThat(memory.used()).isEqualTo(12 * MIB);
    assertThat(memory.refused()).isEqualTo(2);
  }

  @Test
  void aShareThatIsRefusedKeepsWhatItHad() {
    var memory = RequestMemory.ofHeap(200 * MIB);
    try (var share = new RequestMemory.Share(memory)) {
      assertThat(share.hold(1000)).isTrue();
      assertThat(memory.used()).isZero();
      assertThat(share.hold(20 * MIB)).isTrue();
      assertThat(share.hold(60 * MIB)).isFalse();
      assertThat(memory.used()).isEqualTo(20 * MIB);
    }
    assertThat(memory.used()).isZero();
  }

  @Test
  void theLargestValueFollowsTheHeap() {
    assertThat(RequestMemory.largestValue(4L << 30)).isGreaterThan(500_000_000);
    assertThat(RequestMemory.largestValue(64 * MIB)).isEqualTo(2 * (int) MIB);
    assertThat(RequestMemory.largestValue(1L << 40)).isEqualTo(Integer.MAX_VALUE - 64);
  }

  @Test
  void whatTheHeapHasNoRoomForIsGivenBack() {
    var memory = RequestMemory.ofHeap(1L << 40);
    assertThat(memory.array(1 << 10)).hasSize(1 << 10);
    // Longer than any array can be.
    assertThatThrownBy(() -> memory.array(Integer.MAX_VALUE)).isInstanceOf(OutOfMemoryError.class);
    assertThat(memory.used()).isEqualTo(1 << 10);
    assertThat(RequestMemory.ofHeap(1).array(1 << 10)).isNull();
  }
}
