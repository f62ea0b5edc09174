package io.millrace.http.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.health.HealthFact;
import io.millrace.engine.health.HealthFact.Severity;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class HealthTest {
  private static HealthFact fact(Severity severity) {
    return new HealthFact("disk_full", severity, "the disk is full", 1);
  }

  @Test
  void theWorstFactDecidesBesideWhatTheNodeSays() {
    var serving = Health.serving();
    assertThat(serving.with(List.of(fact(Severity.WARNING))).ready()).isTrue();
    assertThat(serving.with(List.of(fact(Severity.NOT_READY))).ready()).isFalse();
    assertThat(serving.with(List.of(fact(Severity.NOT_READY))).live()).isTrue();
    assertThat(serving.with(List.of(fact(Severity.NOT_LIVE))).live()).isFalse();
    assertThat(Health.starting("folding").with(List.of(fact(Severity.GOOD))).ready()).isFalse();
  }

  @Test
  void aProbeTellsTheFacts() {
    var health = Health.serving().with(List.of(fact(Severity.WARNING)));
    var answer = health.probe(health.ready());
    assertThat(answer.status()).isEqualTo(200);
    assertThat(new String(answer.body(), StandardCharsets.UTF_8))
        .contains("\"status\":\"UP\"")
        .contains("\"name\":\"disk_full\",\"severity\":\"warning\"")
        .contains("\"value\":1");
  }
}
