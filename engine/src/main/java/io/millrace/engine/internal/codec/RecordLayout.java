package io.millrace.engine.internal.codec;

import io.millrace.engine.pstate.RecordSchema;
import io.millrace.engine.pstate.SchemaException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes records apart and puts them together: Java records, or maps by field name. */
public sealed interface RecordLayout {

  /** The value of a field in its schema's carrier, or null. */
  @Nullable Object get(Object record, int field);

  /** A record of field values; null fields of primitive components become zero or false. */
  Object build(@Nullable Object[] values);

  /** True when the value is a record of this shape. */
  boolean fits(Object value);

  /** The shape of a schema. */
  static RecordLayout of(RecordSchema schema) {
    var type = schema.type();
    return type == null ? new Fields(schema) : Typed.SHAPES.get(type);
  }

  /** Records carried as maps; a field that is null is absent. */
  record Fields(RecordSchema schema) implements RecordLayout {
    @Override
    public @Nullable Object get(Object record, int field) {
      return ((Map<?, ?>) record).get(schema.fields().get(field).name());
    }

    @Override
    public Object build(@Nullable Object[] values) {
      var map = new LinkedHashMap<String, Object>();
      for (var i = 0; i < values.length; i++) {
        var value = values[i];
        if (value != null) {
          map.put(schema.fields().get(i).name(), value);
        }
      }
      return Collections.unmodifiableMap(map);
    }

    @Override
    public boolean fits(Object value) {
      return value instanceof Map;
    }
  }

  /** Records carried as instances of a Java record. */
  final class Typed implements RecordLayout {
    static final ClassValue<Typed> SHAPES =
        new ClassValue<>() {
          @Override
          protected Typed computeValue(Class<?> type) {
            return new Typed(type);
          }
        };

    private final Class<?> type;
    private final Class<?>[] componentTypes;
    private final MethodHandle[] accessors;
    private final MethodHandle constructor;

    private Typed(Class<?> type) {
      this.type = type;
      var components = type.getRecordComponents();
      componentTypes =
          Arrays.stream(components).map(component -> component.getType()).toArray(Class<?>[]::new);
      accessors = new MethodHandle[components.length];
      var lookup = MethodHandles.lookup();
      try {
        for (var i = 0; i < components.length; i++) {
          var accessor = components[i].getAccessor();
          accessor.setAccessible(true);
          accessors[i] =
              lookup.unreflect(accessor).asType(MethodType.methodType(Object.class, Object.class));
        }
        var canonical = type.getDeclaredConstructor(componentTypes);
        canonical.setAccessible(true);
        constructor =
            lookup
                .unreflectConstructor(canonical)
                .asSpreader(Object[].class, components.length)
                .asType(MethodType.methodType(Object.class, Object[].class));
      } catch (ReflectiveOperationException | RuntimeException e) {
        throw new SchemaException(
            "record " + type.getName() + " cannot be opened: " + e.getMessage());
      }
    }

    @Override
    public @Nullable Object get(Object record, int field) {
      try {
        return switch ((Object) accessors[field].invokeExact(record)) {
          case Enum<?> constant -> constant.name();
          case Short value -> (int) value;
          case Byte value -> (int) value;
          case Float value -> (double) value;
          case null -> null;
          case Object value -> value;
        };
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public Object build(@Nullable Object[] values) {
      var arguments = new @Nullable Object[values.length];
      for (var i = 0; i < values.length; i++) {
        arguments[i] = argument(values[i], componentTypes[i]);
      }
      try {
        return (Object) constructor.invokeExact(arguments);
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }

    private static @Nullable Object argument(@Nullable Object value, Class<?> wanted) {
      if (value == null) {
        return wanted.isPrimitive() ? zero(wanted) : null;
      }
      if (wanted == short.class || wanted == Short.class) {
        return narrow((Integer) value, Short.MIN_VALUE, Short.MAX_VALUE, "short").shortValue();
      }
      if (wanted == byte.class || wanted == Byte.class) {
        return narrow((Integer) value, Byte.MIN_VALUE, Byte.MAX_VALUE, "byte").byteValue();
      }
      if (wanted == float.class || wanted == Float.class) {
        return ((Double) value).floatValue();
      }
      return wanted.isEnum() ? constant(wanted, (String) value) : value;
    }

    private static Integer narrow(Integer value, int min, int max, String type) {
      if (value < min || value > max) {
        throw SchemaException.mismatch("", type, "int " + value);
      }
      return value;
    }

    private static Object constant(Class<?> type, String name) {
      for (var constant : type.getEnumConstants()) {
        if (((Enum<?>) constant).name().equals(name)) {
          return constant;
        }
      }
      throw SchemaException.mismatch(
          "", "one of " + Arrays.toString(type.getEnumConstants()), "\"" + name + "\"");
    }

    private static Object zero(Class<?> type) {
      if (type == long.class) {
        return 0L;
      }
      if (type == double.class) {
        return 0.0;
      }
      if (type == boolean.class) {
        return false;
      }
      if (type == short.class) {
        return (short) 0;
      }
      if (type == byte.class) {
        return (byte) 0;
      }
      return type == float.class ? (Object) 0f : (Object) 0;
    }

    @Override
    public boolean fits(Object value) {
      return type.isInstance(value);
    }
  }
}
