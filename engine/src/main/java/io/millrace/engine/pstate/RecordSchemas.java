package io.millrace.engine.pstate;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Derives schemas from Java types. */
final class RecordSchemas {
  private RecordSchemas() {}

  static RecordSchema derive(Class<? extends Record> type) {
    return derive(type, new ArrayList<>());
  }

  private static RecordSchema derive(Class<?> type, List<Class<?>> open) {
    if (open.contains(type)) {
      throw new SchemaException("record " + type.getSimpleName() + " contains itself");
    }
    open.add(type);
    var fields = new ArrayList<RecordSchema.Field>();
    for (var component : type.getRecordComponents()) {
      var where = type.getSimpleName() + "." + component.getName();
      fields.add(
          new RecordSchema.Field(
              component.getName(),
              schema(component.getGenericType(), where, open),
              !component.getType().isPrimitive()));
    }
    open.removeLast();
    return new RecordSchema(fields, type.asSubclass(Record.class));
  }

  private static Schema schema(Type type, String where, List<Class<?>> open) {
    if (type instanceof ParameterizedType generic) {
      var arguments = generic.getActualTypeArguments();
      if (generic.getRawType() == Map.class) {
        return Schema.map(
            schema(arguments[0], where + " key", open), schema(arguments[1], where, open));
      }
      if (generic.getRawType() == Set.class) {
        return Schema.set(schema(arguments[0], where, open));
      }
      if (generic.getRawType() == List.class) {
        return Schema.list(schema(arguments[0], where, open));
      }
    }
    if (type instanceof Class<?> raw) {
      return raw.isRecord() ? derive(raw, open) : scalar(raw, where);
    }
    throw unsupported(type, where);
  }

  private static Schema scalar(Class<?> type, String where) {
    if (type == long.class || type == Long.class) {
      return Scalar.LONG;
    }
    if (type == int.class
        || type == Integer.class
        || type == short.class
        || type == Short.class
        || type == byte.class
        || type == Byte.class) {
      return Scalar.INT;
    }
    if (type == double.class
        || type == Double.class
        || type == float.class
        || type == Float.class) {
      return Scalar.DOUBLE;
    }
    if (type == boolean.class || type == Boolean.class) {
      return Scalar.BOOLEAN;
    }
    if (type == String.class || type.isEnum()) {
      return Scalar.STRING;
    }
    if (type == byte[].class) {
      return Scalar.BYTES;
    }
    if (type == UUID.class) {
      return Scalar.UUID;
    }
    if (type == Instant.class) {
      return Scalar.INSTANT;
    }
    if (type == Object.class) {
      return Scalar.ANY;
    }
    throw unsupported(type, where);
  }

  private static SchemaException unsupported(Type type, String where) {
    return new SchemaException(
        "no schema for "
            + type.getTypeName()
            + " at "
            + where
            + "; use long, int, double, boolean, String, byte[], UUID, Instant, enum, Map, Set,"
            + " List, Object or a record");
  }
}
