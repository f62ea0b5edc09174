package io.millrace.engine.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client may send as an event, and what is refused before it is journaled. */
class EventRulesTest {
  record Part(@Nullable String text) {}

  record Values(
      @Nullable String text,
      @Nullable Double number,
      @Nullable Float small,
      @Nullable UUID uuid,
      @Nullable Instant at,
      @Nullable BigDecimal amount,
      byte @Nullable [] bytes,
      @Nullable List<Part> parts,
      @Nullable Set<String> tags,
      @Nullable Map<String, Long> totals) {}

  record Picky(String name) {
    Picky {
      Objects.requireNonNull(name.equals("null") ? null : name, "no name");
    }
  }

  private static final EventType<Values> TYPE = EventType.of(Values.class);

  private static Values event(String field, @Nullable Object value) {
    var all = new LinkedHashMap<String, @Nullable Object>();
    all.put(field, value);
    @SuppressWarnings("unchecked")
    var event =
        new Values(
            (String) all.get("text"),
            (Double) all.get("number"),
            (Float) all.get("small"),
            (UUID) all.get("uuid"),
            (Instant) all.get("at"),
            (BigDecimal) all.get("amount"),
            (byte[]) all.get("bytes"),
            (List<Part>) all.get("parts"),
            (Set<String>) all.get("tags"),
            (Map<String, Long>) all.get("totals"));
    return event;
  }

  private static void refused(String field, Object value, String names, String because) {
    assertThatThrownBy(() -> TYPE.check(event(field, value)))
        .isInstanceOfSatisfying(
            InvalidEventException.class, e -> assertThat(e.field()).isEqualTo(names))
        .hasMessageContaining(because);
  }

  private static Values accept(String json) {
    var bytes = json.getBytes(StandardCharsets.UTF_8);
    return TYPE.accept(bytes, 0, bytes.length);
  }

  @Test
  void javaValuesThatCouldNotBeStoredOrReadBackNameTheirField() {
    refused("text", "a\ud800", "text", "half a surrogate pair at index=1");
    refused("text", "\udc00\ud800", "text", "half a surrogate pair at index=0");
    refused("parts", List.of(new Part("b"), new Part("\udfff")), "parts[1].text", "half");
    refused("parts", Arrays.asList(new Part("b"), null), "parts[1]", "must not be null");
    refused("tags", Set.of("\ud800"), "tags[0]", "half a surrogate pair");
    refused("totals", Map.of("k\ud800", 1L), "totals", "has a key that holds half");
    refused("totals", Collections.singletonMap("k", null), "totals.k", "must not be null");
    refused("at", Instant.MAX, "at", "must be an instant of the years -4712 to 294276");
    refused("at", Instant.MIN, "at", "must be an instant");
    refused("amount", new BigDecimal("1e1001"), "amount", "at most 1000 digits");
    refused("amount", new BigDecimal("1e-1001"), "amount", "at most 1000 digits");
    refused("amount", BigDecimal.TEN.pow(1000), "amount", "at most 1000 digits");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"text\":\"\\ud800\"}",
        "{\"text\":\"a\\udc00b\"}",
        "{\"totals\":{\"\\ud83d\":1}}",
        "{\"totals\":{\"a\":1,\"a\":2}}",
        "{\"text\":\"a\",\"text\":\"b\"}",
        "{\"number\":1e400}",
        "{\"number\":\"nan\"}",
        "{\"number\":NaN}",
        "{\"small\":1e39}",
        "{\"uuid\":\"1-1-1-1-1\"}",
        "{\"uuid\":\"\"}",
        "{\"at\":\"+294277-01-01T00:00:00Z\"}",
        "{\"at\":9224318016000000}",
        "{\"at\":-9223372036854775808}",
        "{\"amount\":1e2000}",
        "{\"amount\":\"1e2147483648\"}",
        "{\"amount\":\"\"}",
        "{\"bytes\":\"===\"}",
        "{\"parts\":[null]}",
        "{\"parts\":{}}",
        "{\"tags\":[1]}",
        "[[[[{}]]]]",
        "{\"text\":",
        "",
      })
  void hostileJsonIsRefused(String json) {
    assertThatThrownBy(() -> accept(json))
        .isInstanceOf(InvalidEventException.class)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("com.fasterxml", "java."));
  }

  @Test
  void bytesThatAreNoTextAreRefused() {
    for (var bytes :
        List.of(
            new byte[] {0, 0, 0, '{', (byte) 0xFF, 1, 1, 1},
            new byte[] {'{', '"', 't', 'e', 'x', 't', '"', ':', '"', (byte) 0xFF, '"', '}'},
            new byte[] {(byte) 0xFE, (byte) 0xFF, 0, '{', (byte) 0xD8},
            "{\"text\":\"\u00ed\u00a0\u0080\"}".getBytes(StandardCharsets.ISO_8859_1))) {
      assertThatThrownBy(() -> TYPE.accept(bytes, 0, bytes.length))
          .isInstanceOf(InvalidEventException.class);
    }
  }

  @Test
  void longNumbersAndTextsAreRefusedWithoutBeingRepeatedWhole() {
    for (var json :
        List.of(
            "{\"amount\":" + "1".repeat(100_000) + "}",
            "{\"amount\":\"" + "1".repeat(100_000) + "\"}",
            "{\"" + "x".repeat(100_000) + "\":1}",
            "{\"number\":\"" + "x".repeat(100_000) + "\"}")) {
      assertThatThrownBy(() -> accept(json))
          .isInstanceOf(InvalidEventException.class)
          .satisfies(e -> assertThat(e.getMessage().length()).isLessThan(500));
    }
  }

  @Test
  void anExceptionOfTheRecordIsARefusalWhateverItsClass() {
    var bytes = "{\"name\":\"null\"}".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> EventType.of(Picky.class).accept(bytes, 0, bytes.length))
        .isInstanceOf(InvalidEventException.class)
        .hasMessageContaining("no name");
  }

  @ParameterizedTest
  @CsvSource({"NaN", "Infinity", "-Infinity", "-0.0", "4.9E-324", "1.7976931348623157E308"})
  void everyDoubleSurvivesBothFormats(double number) {
    for (var format : EventFormat.values()) {
      for (var event : List.of(event("number", number), event("small", (float) number))) {
        TYPE.check(event);
        var bytes = TYPE.encode(event, format);
        assertThat(TYPE.decode(bytes, 0, bytes.length, format)).isEqualTo(event);
      }
    }
    assertThat(accept("{\"number\":\"NaN\"}").number()).isNaN();
  }

  @Test
  void whatPassesSurvivesBothFormatsWhateverItsSize() {
    var events =
        List.of(
            event("text", "\0\u0001\u007f\ud83d\ude00" + "x".repeat(25_000_000)),
            event("totals", Map.of("k".repeat(60_000), 1L, "", 2L)),
            event(
                "amount",
                new BigDecimal(
                    BigDecimal.TEN.pow(1000).subtract(BigDecimal.ONE).unscaledValue(), 1000)),
            event("amount", new BigDecimal("-1e1000")),
            event("at", EventRules.MIN_INSTANT),
            event("at", EventRules.END_INSTANT.minusNanos(1)));
    for (var event : events) {
      TYPE.check(event);
      for (var format : EventFormat.values()) {
        var bytes = TYPE.encode(event, format);
        assertThat(TYPE.decode(bytes, 0, bytes.length, format)).isEqualTo(event);
      }
    }
  }

  /** Until half a surrogate pair was refused, events with one came into journals. */
  @Test
  void whatTheJournalHoldsIsStillRead() {
    var json = "{\"text\":\"\\ud800\",\"totals\":{\"a\":1,\"a\":2},\"uuid\":\"1-1-1-1-1\"}";
    var bytes = json.getBytes(StandardCharsets.UTF_8);
    var event = TYPE.decode(bytes, 0, bytes.length, EventFormat.JSON);
    assertThat(event.text()).isEqualTo("\ud800");
    var again = TYPE.encode(event, EventFormat.JSON);
    assertThat(TYPE.decode(again, 0, again.length, EventFormat.JSON)).isEqualTo(event);
    assertThat(TYPE.text(event)).contains("text");
  }
}
