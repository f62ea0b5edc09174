package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DescriptorsTest {
  @Test
  void whatIsWantedIsGivenWhereThereIsEnough() {
    assertThat(Descriptors.plan(1 << 20, 200, 552, 10_000, 200, 1_000))
        .isEqualTo(new Descriptors(1 << 20, 10_000, 200, 1_000));
  }

  @Test
  void doorsShareWhatFilesLeave() {
    var plan = Descriptors.plan(1_024, 120, 244, 10_000, 200, 1_000);
    assertThat(plan.resp() + plan.sql() + plan.http()).isLessThanOrEqualTo(1_024 - 120 - 244);
    assertThat(plan.resp()).isGreaterThan(400);
    assertThat(plan.sql()).isBetween(70, 200);
    assertThat(plan.http()).isBetween(70, 200);
  }

  @Test
  void aClosedDoorTakesNothing() {
    var plan = Descriptors.plan(1_024, 120, 244, 10_000, 0, 0);
    assertThat(plan.sql()).isZero();
    assertThat(plan.http()).isZero();
    assertThat(plan.resp()).isGreaterThan(600);
  }

  @Test
  void aLimitThatLeavesNothingIsRefusedWithTheNumberToSet() {
    assertThatThrownBy(() -> Descriptors.plan(200, 120, 91, 10_000, 200, 1_000))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("ulimit -n is 200, and at least 259 are needed");
  }
}
