package io.millrace.engine.internal.codec;

import io.millrace.engine.pstate.ListSchema;
import io.millrace.engine.pstate.MapSchema;
import io.millrace.engine.pstate.RecordSchema;
import io.millrace.engine.pstate.Scalar;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.pstate.SetSchema;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.UUID;

/** The order of key values; {@link KeyCodec} gives bytes the same order. */
public final class KeyOrder {
  private KeyOrder() {}

  /** The order of keys of a schema. */
  public static Comparator<Object> of(Schema schema) {
    return switch (schema) {
      case Scalar scalar -> scalar(scalar);
      case RecordSchema record -> record(record);
      case MapSchema _, SetSchema _, ListSchema _ ->
          throw new IllegalArgumentException(schema + " is not a key");
    };
  }

  private static Comparator<Object> scalar(Scalar scalar) {
    return switch (scalar) {
      case LONG -> (a, b) -> Long.compare((Long) a, (Long) b);
      case INT -> (a, b) -> Integer.compare((Integer) a, (Integer) b);
      case DOUBLE -> (a, b) -> Double.compare((Double) a, (Double) b);
      case BOOLEAN -> (a, b) -> Boolean.compare((Boolean) a, (Boolean) b);
      case STRING -> (a, b) -> codePoints((String) a, (String) b);
      case BYTES -> (a, b) -> Arrays.compareUnsigned((byte[]) a, (byte[]) b);
      case UUID -> (a, b) -> uuids((UUID) a, (UUID) b);
      case INSTANT -> (a, b) -> ((Instant) a).compareTo((Instant) b);
      case ANY -> throw new IllegalArgumentException("any is not a key");
    };
  }

  private static Comparator<Object> record(RecordSchema record) {
    var shape = RecordLayout.of(record);
    var fields = record.fields();
    var parts = fields.stream().map(field -> of(field.schema())).toList();
    return (a, b) -> {
      for (var i = 0; i < parts.size(); i++) {
        var x = shape.get(a, i);
        var y = shape.get(b, i);
        var order =
            x == null || y == null
                ? Boolean.compare(x != null, y != null)
                : parts.get(i).compare(x, y);
        if (order != 0) {
          return order;
        }
      }
      return 0;
    };
  }

  /** Text by code point, which is the order of UTF-8 bytes. */
  public static int codePoints(String a, String b) {
    var length = Math.min(a.length(), b.length());
    for (var i = 0; i < length; i++) {
      var x = a.charAt(i);
      var y = b.charAt(i);
      if (x != y) {
        var high = Character.isSurrogate(x) == Character.isSurrogate(y);
        return high ? Character.compare(x, y) : Character.isSurrogate(x) ? 1 : -1;
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  /** UUIDs as 128 unsigned bits. */
  public static int uuids(UUID a, UUID b) {
    var high = Long.compareUnsigned(a.getMostSignificantBits(), b.getMostSignificantBits());
    return high != 0
        ? high
        : Long.compareUnsigned(a.getLeastSignificantBits(), b.getLeastSignificantBits());
  }
}
