package io.millrace.http.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonTest {
  @Test
  void aNameMayBeAsLongAsAText() throws Exception {
    var name = "n".repeat(1 << 20);
    assertThat(Json.mapper().readTree("{\"" + name + "\":1}").path(name).asInt()).isEqualTo(1);
  }

  @Test
  void aNumberMayBeAsLongAsInAnEvent() throws Exception {
    var number = "9".repeat(5_000);
    assertThat(Json.mapper().readTree("{\"n\":" + number + "}").path("n").asText())
        .isEqualTo(number);
  }
}
