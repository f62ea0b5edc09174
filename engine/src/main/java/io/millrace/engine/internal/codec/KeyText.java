package io.millrace.engine.internal.codec;

import io.millrace.engine.pstate.RecordSchema;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.tree.Slots;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The canonical text of keys, by which they are routed: {@code 42L} is {@code 42}, so that the
 * Redis key {@code policy:{42}} and the pstate key 42 belong to the same task. A composite is
 * routed by its first component. Byte arrays are routed as they are.
 */
public final class KeyText {
  private KeyText() {}

  /** Canonical text of a key value, as bytes. */
  public static byte[] canonical(@Nullable Object key) {
    return switch (key) {
      case byte[] bytes -> bytes;
      case String text -> text.getBytes(StandardCharsets.UTF_8);
      case Enum<?> constant -> constant.name().getBytes(StandardCharsets.UTF_8);
      case Number number -> text(number).getBytes(StandardCharsets.UTF_8);
      case Boolean value -> value.toString().getBytes(StandardCharsets.UTF_8);
      case UUID value -> value.toString().getBytes(StandardCharsets.UTF_8);
      case Instant value -> Values.instant(value, "").toString().getBytes(StandardCharsets.UTF_8);
      case Record record -> canonical(first(record));
      case java.util.Map<?, ?> fields when !fields.isEmpty() ->
          canonical(fields.values().iterator().next());
      case null -> throw new IllegalArgumentException("null cannot be routed");
      default -> throw new IllegalArgumentException(Values.typeName(key) + " cannot be routed");
    };
  }

  private static String text(Number number) {
    return switch (number) {
      case Double value when value == Math.rint(value) && Math.abs(value) < 1e15 ->
          Long.toString(value.longValue());
      case Float value -> text(value.doubleValue());
      default -> number.toString();
    };
  }

  private static @Nullable Object first(Record record) {
    var schema = Schema.of(record.getClass());
    return RecordLayout.of(schema).get(record, 0);
  }

  /** The key whose text routes a value of a key schema: the first component of a composite. */
  public static Object routing(Schema schema, Object key) {
    var normal = Values.normalizeKey(schema, key);
    return schema instanceof RecordSchema record
        ? java.util.Objects.requireNonNull(RecordLayout.of(record).get(normal, 0))
        : normal;
  }

  /** The task a key belongs to. */
  public static int task(Schema schema, Object key, int tasks) {
    var text = canonical(routing(schema, key));
    return Slots.task(Slots.slot(text, 0, text.length), tasks);
  }
}
