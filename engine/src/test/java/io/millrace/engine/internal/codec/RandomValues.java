package io.millrace.engine.internal.codec;

import io.millrace.engine.pstate.ListSchema;
import io.millrace.engine.pstate.MapSchema;
import io.millrace.engine.pstate.RecordSchema;
import io.millrace.engine.pstate.Scalar;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.pstate.SetSchema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Random schemas and values, with many collisions and edge cases. */
public final class RandomValues {
  /** A Java record among the random schemas. */
  public record Point(int x, @Nullable String label, @Nullable List<Long> marks) {}

  /** A Java record among the random keys. */
  public record Place(String city, long number) {}

  private static final String[] TEXTS = {
    "", "a", "b", "ab", "a\0", "a\0b", "a\u0001", "zebra", "\u00e9", "\uffee", "\ud83d\ude00"
  };
  private final SplittableRandom random;

  public RandomValues(SplittableRandom random) {
    this.random = random;
  }

  public boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  public int upTo(int bound) {
    return random.nextInt(bound);
  }

  public <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  /** A scalar that may be a key. */
  public Scalar keyScalar() {
    var all = Scalar.values();
    return all[random.nextInt(all.length - 1)];
  }

  public Schema keySchema() {
    return switch (random.nextInt(8)) {
      case 0 -> Schema.of(Place.class);
      case 1 ->
          Schema.record(
              Schema.field("p", keyScalar()),
              Schema.field("q", keyScalar()),
              Schema.field("r", keyScalar()));
      default -> keyScalar();
    };
  }

  /** A schema of one value. */
  public Schema inline(int depth) {
    return switch (depth == 0 ? 0 : random.nextInt(7)) {
      case 1 -> Schema.map(keySchema(), inline(depth - 1));
      case 2 -> Schema.set(keySchema());
      case 3 -> Schema.list(inline(depth - 1));
      case 4 ->
          Schema.record(
              Schema.field("one", inline(depth - 1)),
              Schema.field("two", inline(depth - 1)),
              Schema.field("three", inline(depth - 1)));
      case 5 -> Schema.of(Point.class);
      default -> Scalar.values()[random.nextInt(Scalar.values().length)];
    };
  }

  public @Nullable Object value(Schema schema) {
    return chance(8) ? null : present(schema);
  }

  /** A value that is not null. */
  public Object present(Schema schema) {
    return switch (schema) {
      case Scalar scalar -> scalar(scalar);
      case MapSchema map -> {
        var value = new HashMap<Object, @Nullable Object>();
        for (var i = random.nextInt(5); i > 0; i--) {
          value.put(key(map.key()), value(map.value()));
        }
        yield value;
      }
      case SetSchema set -> {
        var value = new HashSet<Object>();
        for (var i = random.nextInt(5); i > 0; i--) {
          value.add(key(set.element()));
        }
        yield value;
      }
      case ListSchema list -> {
        var value = new ArrayList<@Nullable Object>();
        for (var i = random.nextInt(5); i > 0; i--) {
          value.add(value(list.element()));
        }
        yield value;
      }
      case RecordSchema record -> {
        var values = new @Nullable Object[record.fields().size()];
        for (var i = 0; i < values.length; i++) {
          var field = record.fields().get(i);
          values[i] = field.nullable() ? value(field.schema()) : present(field.schema());
        }
        yield RecordLayout.of(record).build(values);
      }
    };
  }

  public Object key(Schema schema) {
    if (schema instanceof RecordSchema record) {
      var values = new Object[record.fields().size()];
      for (var i = 0; i < values.length; i++) {
        values[i] = scalar((Scalar) record.fields().get(i).schema());
      }
      return RecordLayout.of(record).build(values);
    }
    return scalar((Scalar) schema);
  }

  private Object scalar(Scalar scalar) {
    var small = random.nextInt(-3, 8);
    return switch (scalar) {
      case LONG -> chance(90) ? (Object) (long) small : (Object) random.nextLong();
      case INT -> chance(90) ? small : random.nextInt();
      case DOUBLE ->
          switch (random.nextInt(20)) {
            case 0 -> Double.NaN;
            case 1 -> -0.0;
            case 2 -> Double.NEGATIVE_INFINITY;
            default -> small / 2.0;
          };
      case BOOLEAN -> random.nextBoolean();
      case STRING -> chance(3) ? "x".repeat(random.nextInt(400)) : TEXTS[upTo(TEXTS.length)];
      case BYTES -> {
        var bytes = new byte[random.nextInt(3)];
        for (var i = 0; i < bytes.length; i++) {
          bytes[i] = (byte) random.nextInt(-1, 2);
        }
        yield bytes;
      }
      case UUID -> new UUID(small, random.nextInt(-1, 2));
      case INSTANT -> Instant.ofEpochMilli(small);
      case ANY ->
          switch (random.nextInt(5)) {
            case 0 -> List.of("x", (long) small, true);
            case 1 -> java.util.Map.of("k", (long) small);
            case 2 -> small / 2.0;
            case 3 -> TEXTS[upTo(TEXTS.length)];
            default -> (long) small;
          };
    };
  }
}
