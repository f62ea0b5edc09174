package io.millrace.engine.depot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.Seeds;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenTest {
  @Test
  void printsPartitionsInOrderAndParsesWhatItPrints() {
    Token token = new Token("profiles/names", 3, Map.of(12, 7L, 2, 900L));
    assertThat(token).hasToString("mr1.profiles/names.3.2:900,12:7");
    assertThat(Token.parse(token.toString())).isEqualTo(token);
    assertThat(Token.of("keyspace", 0, 0, 0)).hasToString("mr1.keyspace.0.0:0");
  }

  @Test
  void randomTokensComeBack() {
    long seed = Seeds.next();
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 2_000; i++) {
      Map<Integer, Long> offsets = new HashMap<>();
      for (int p = 0; p <= random.nextInt(10); p++) {
        offsets.put(random.nextInt(1 << 20), random.nextLong(Long.MAX_VALUE));
      }
      Token token = new Token("a_b/c9", random.nextLong(Long.MAX_VALUE), offsets);
      assertThat(Token.parse(token.toString())).as("seed %d", seed).isEqualTo(token);
    }
  }

  @Test
  void joiningKeepsTheLaterOffsetOfEachPartition() {
    Token one = new Token("d", 1, Map.of(0, 5L, 1, 9L));
    Token two = new Token("d", 1, Map.of(1, 3L, 2, 4L));
    assertThat(one.merge(two)).isEqualTo(new Token("d", 1, Map.of(0, 5L, 1, 9L, 2, 4L)));
    assertThatThrownBy(() -> one.merge(new Token("d", 2, Map.of(0, 1L))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "mr2.d.1.0:1",
        "mr1.d.1",
        "mr1.d.1.",
        "mr1.d.1.0",
        "mr1.d.1.0:",
        "mr1.d.1.:1",
        "mr1.d.1.0:1,",
        "mr1.d.1.0:1,0:2",
        "mr1.D.1.0:1",
        "mr1.d.-1.0:1",
        "mr1.d.x.0:1",
        "mr1.d.1.0:99999999999999999999",
        "mr1.d.1.0:9999999999999999999",
        "mr1.d.1.4294967296:1",
        "mr1.d.1.0:1.5",
        "mr1.d/e/f.1.0:1",
        "mr1.d.1.0: 1"
      })
  void whatIsNoTokenIsRefusedWithAReason(String text) {
    assertThatThrownBy(() -> Token.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
