package io.millrace.engine.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.Seeds;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EventTypeTest {
  enum Kind {
    SMALL,
    LARGE
  }

  record Part(String path, @Nullable Long added, int lines) {}

  record Everything(
      long id,
      int count,
      double ratio,
      boolean open,
      String text,
      UUID uuid,
      Instant at,
      BigDecimal amount,
      Kind kind,
      @Nullable String note,
      List<Part> parts,
      Set<String> tags,
      Map<String, Long> totals) {}

  record Checked(int cents) {
    Checked {
      if (cents < 0) {
        throw new IllegalArgumentException("cents must not be negative: cents=" + cents);
      }
    }
  }

  private static Everything random(SplittableRandom random) {
    var parts = new ArrayList<Part>();
    for (var i = random.nextInt(4); i > 0; i--) {
      parts.add(
          new Part(
              text(random), random.nextBoolean() ? null : random.nextLong(), random.nextInt()));
    }
    var tags = new LinkedHashSet<String>();
    Map<String, Long> totals = new LinkedHashMap<>();
    for (var i = random.nextInt(4); i > 0; i--) {
      tags.add(text(random));
      totals.put(text(random), random.nextLong());
    }
    return new Everything(
        random.nextLong(),
        random.nextInt(),
        random.nextDouble() * 1e9,
        random.nextBoolean(),
        text(random),
        new UUID(random.nextLong(), random.nextLong()),
        Instant.ofEpochMilli(random.nextLong(4_000_000_000_000L)),
        new BigDecimal(random.nextLong()).movePointLeft(2),
        random.nextBoolean() ? Kind.SMALL : Kind.LARGE,
        random.nextBoolean() ? null : text(random),
        parts,
        tags,
        totals);
  }

  private static String text(SplittableRandom random) {
    var text = new StringBuilder();
    for (var i = random.nextInt(12); i > 0; i--) {
      text.append("aZ9 \"\\\n\u00e9\u20ac".charAt(random.nextInt(9)));
    }
    return text.toString();
  }

  @Test
  void everyComponentTypeSurvivesBothFormats() {
    var seed = Seeds.next();
    var random = new SplittableRandom(seed);
    var type = EventType.of(Everything.class);
    for (var round = 0; round < 500; round++) {
      var event = random(random);
      for (var format : EventFormat.values()) {
        var bytes = type.encode(event, format);
        var padded = new byte[bytes.length + 5];
        System.arraycopy(bytes, 0, padded, 3, bytes.length);
        assertThat(type.decode(padded, 3, bytes.length, format))
            .as("seed=%d format=%s", seed, format)
            .isEqualTo(event);
      }
    }
  }

  private static void refused(
      EventType<?> type, String json, String message, @Nullable String field) {
    var bytes = json.getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> type.decode(bytes, 0, bytes.length, EventFormat.JSON))
        .isInstanceOfSatisfying(
            InvalidEventException.class,
            e -> {
              assertThat(e.getMessage()).contains(message);
              assertThat(e.field()).isEqualTo(field);
            });
  }

  record Commit(String commit, long authoredAt, List<Part> files) {}

  @Test
  void wrongJsonNamesTheField() {
    var type = EventType.of(Commit.class);
    refused(type, "[]", "must be a JSON object", null);
    refused(type, "{\"commit\":", "is not valid JSON", null);
    refused(type, "{} x", "field 'commit' is missing", "commit");
    refused(type, "{\"commit\":7}", "field 'commit' must be text, not 7", "commit");
    refused(type, "{\"comit\":\"a\"}", "field 'comit' is not known", "comit");
    refused(type, "{\"commit\":\"a\",\"commit\":\"b\"}", "stands twice", "commit");
    refused(
        type,
        "{\"commit\":\"a\",\"authoredAt\":\"x\",\"files\":[]}",
        "field 'authoredAt' must be integer, not text 'x'",
        "authoredAt");
    refused(
        type,
        "{\"commit\":\"a\",\"authored_at\":1,\"files\":[{\"path\":\"p\",\"lines\":99999999999}]}",
        "field 'files[0].lines' must be 32-bit integer, not 99999999999",
        "files[0].lines");
    refused(
        type,
        "{\"commit\":\"a\",\"authoredAt\":99999999999999999999,\"files\":[]}",
        "must be integer",
        "authoredAt");
    refused(EventType.of(Checked.class), "{\"cents\":-1}", "cents must not be negative", null);
  }

  @Test
  void snakeCaseFieldNamesAreAccepted() {
    var bytes =
        "{\"commit\":\"a\",\"authored_at\":5,\"files\":[]}".getBytes(StandardCharsets.UTF_8);
    var event = EventType.of(Commit.class).decode(bytes, 0, bytes.length, EventFormat.JSON);
    assertThat(event).isEqualTo(new Commit("a", 5, List.of()));
  }

  @Test
  void everyCutOfABinaryEventIsRefusedOrStillAnEvent() {
    var type = EventType.of(Everything.class);
    var bytes = type.encode(random(new SplittableRandom(7)), EventFormat.BINARY);
    for (var length = 0; length < bytes.length; length++) {
      var cut = length;
      assertThatThrownBy(() -> type.decode(bytes, 0, cut, EventFormat.BINARY))
          .isInstanceOf(InvalidEventException.class);
    }
  }
}
