package io.millrace.engine.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.Seeds;
import io.millrace.engine.pstate.RecordSchema;
import io.millrace.engine.pstate.Scalar;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.pstate.SchemaException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CodecPropertyTest {
  private final long seed = Seeds.next();
  private final RandomValues random = new RandomValues(new SplittableRandom(seed));

  @Test
  void valuesComeBackEqual() {
    for (var i = 0; i < 5_000; i++) {
      var schema = random.inline(3);
      var value = Values.normalize(schema, random.value(schema));
      var codec = ValueCodec.of(schema);
      var bytes = codec.encode(value);
      assertThat(Values.equal(value, codec.decode(bytes, 0, bytes.length)))
          .as("seed=%s schema=%s value=%s", seed, schema.toJson(), value)
          .isTrue();
      assertThat(codec.encode(codec.decode(bytes, 0, bytes.length)))
          .as("seed=%s", seed)
          .isEqualTo(bytes);
    }
  }

  @Test
  void schemasComeBackEqualFromTheirText() {
    for (var i = 0; i < 1_000; i++) {
      var schema = Schema.map(random.keySchema(), random.inline(3)).subindexed();
      var text = schema.toJson();
      assertThat(Schema.parse(text).toJson()).as("seed=%s", seed).isEqualTo(text);
    }
  }

  @Test
  void keyBytesHaveTheOrderOfKeysAndComeBackEqual() {
    for (var i = 0; i < 20_000; i++) {
      var schema = random.keySchema();
      var codec = KeyCodec.of(schema);
      var a = random.key(schema);
      var b = random.key(schema);
      var x = codec.encode(a);
      var y = codec.encode(b);
      var as = "seed=" + seed + " schema=" + schema.toJson() + " a=" + a + " b=" + b;
      assertThat(Integer.signum(Arrays.compareUnsigned(x, y)))
          .as(as)
          .isEqualTo(Integer.signum(KeyOrder.of(schema).compare(a, b)));
      assertThat(KeyOrder.of(schema).compare(codec.decode(x, 0, x.length), a)).as(as).isZero();
    }
  }

  @Test
  void oneFieldIsReadAndReplacedWithoutTheOthers() {
    for (var i = 0; i < 3_000; i++) {
      var schema = (RecordSchema) wide(i);
      var codec = (ValueCodec.RecordCodec) ValueCodec.of(schema);
      var shape = RecordLayout.of(schema);
      var value = Values.normalize(schema, random.present(schema));
      var row = codec.encode(value);
      var field = random.upTo(schema.fields().size());
      assertThat(
              Values.equal(
                  codec.field(row, 0, row.length, field, ValueCodec.NONE), shape.get(value, field)))
          .as("seed=%s", seed)
          .isTrue();
      var other = Values.normalize(schema, random.present(schema));
      var out = new ByteWriter();
      codec.withField(row, 0, row.length, field, shape.get(other, field), out);
      var expected = new Object[schema.fields().size()];
      for (var f = 0; f < expected.length; f++) {
        expected[f] = shape.get(f == field ? other : value, f);
      }
      assertThat(out.toBytes())
          .as("seed=%s schema=%s", seed, schema.toJson())
          .isEqualTo(codec.encode(shape.build(expected)));
    }
  }

  private Schema wide(int i) {
    return Schema.record(
        Schema.field("a", random.inline(1)),
        Schema.field("b", i % 50 == 0 ? Schema.list(Scalar.STRING) : random.inline(2)),
        Schema.field("c", random.inline(1)),
        Schema.field("d", random.inline(1)));
  }

  @Test
  void aRecordLargerThan64KiBUsesWideOffsets() {
    var schema = Schema.record(Schema.field("a", Scalar.STRING), Schema.field("b", Scalar.LONG));
    var codec = (ValueCodec.RecordCodec) ValueCodec.of(schema);
    var row = codec.encode(Map.of("a", "x".repeat(70_000), "b", 5L));
    assertThat(codec.field(row, 0, row.length, 1, ValueCodec.NONE)).isEqualTo(5L);
    assertThat((String) codec.field(row, 0, row.length, 0, ValueCodec.NONE)).hasSize(70_000);
  }

  @Test
  void integersWidenLosslesslyAndNothingElseDoes() {
    assertThat(Values.normalize(Scalar.LONG, 5)).isEqualTo(5L);
    assertThat(Values.normalize(Scalar.DOUBLE, 5)).isEqualTo(5.0);
    assertThatThrownBy(() -> Values.normalize(Scalar.INT, 5L))
        .isInstanceOf(SchemaException.class)
        .hasMessage("expected int, got long");
    assertThatThrownBy(() -> Values.normalize(Scalar.DOUBLE, 5L))
        .hasMessage("expected double, got long");
    assertThatThrownBy(() ->
            Values.normalize(
                Schema.map(Scalar.STRING, Schema.list(Scalar.LONG)), Map.of("a", List.of(1L, "x"))))
        .hasMessage("expected long at [\"a\"][1], got string");
  }

  @Test
  void keysAreRoutedByTheirCanonicalText() {
    assertThat(text(42L)).isEqualTo("42").isEqualTo(text(42)).isEqualTo(text("42"));
    assertThat(text(new UUID(1, 2))).isEqualTo("00000000-0000-0001-0000-000000000002");
    assertThat(text(Instant.ofEpochMilli(0))).isEqualTo("1970-01-01T00:00:00Z");
    assertThat(text(true)).isEqualTo("true");
    assertThat(text(new RandomValues.Place("Oslo", 7))).isEqualTo("Oslo");
  }

  private static String text(Object key) {
    return new String(KeyText.canonical(key), StandardCharsets.UTF_8);
  }

  @Test
  void aSubindexedPartBelowOneValueIsRefused() {
    var schema =
        Schema.map(Scalar.LONG, Schema.list(Schema.map(Scalar.LONG, Scalar.LONG).subindexed()));
    assertThatThrownBy(schema::checked)
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("mark the collection above it subindexed");
    assertThat(Schema.map(Scalar.LONG, Schema.map(Scalar.LONG, Scalar.LONG).subindexed()).checked())
        .isNotNull();
  }
}
