package io.millrace.engine.event;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a record class is taken apart and put together. */
public final class RecordShape implements Shape {
  /**
   * One component.
   *
   * @param free true when every value it can have is fine: a primitive
   */
  record Component(String name, Shape shape, boolean required, boolean free, MethodHandle getter) {}

  private final Class<?> type;
  private final List<Component> components;
  private final Map<String, Integer> index = new HashMap<>();
  private final MethodHandle constructor;

  private RecordShape(Class<?> type) {
    this.type = type;
    try {
      var lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
      var parts = type.getRecordComponents();
      var found = new ArrayList<Component>();
      for (var part : parts) {
        index.put(Names.snakeCase(part.getName()), found.size());
        index.put(part.getName(), found.size());
        found.add(component(type, part, lookup));
      }
      components = List.copyOf(found);
      var types = Arrays.stream(parts).map(RecordComponent::getType).toArray(Class<?>[]::new);
      constructor =
          lookup
              .findConstructor(type, MethodType.methodType(void.class, types))
              .asSpreader(Object[].class, types.length)
              .asType(MethodType.methodType(Object.class, Object[].class));
    } catch (IllegalAccessException | NoSuchMethodException e) {
      throw new IllegalArgumentException("record " + type.getName() + " cannot be read", e);
    }
  }

  private static Component component(
      Class<?> type, RecordComponent part, MethodHandles.Lookup lookup)
      throws IllegalAccessException {
    var where = type.getSimpleName() + "." + part.getName();
    var accessor = part.getAccessor();
    var getter =
        lookup.unreflect(accessor).asType(MethodType.methodType(Object.class, Object.class));
    var required = !part.getAnnotatedType().isAnnotationPresent(Nullable.class);
    var free = part.getType().isPrimitive();
    return new Component(
        part.getName(), Shape.of(part.getGenericType(), where), required, free, getter);
  }

  /** The shape of a record class. */
  public static RecordShape of(Class<?> type) {
    return new RecordShape(type);
  }

  /** Names of the components, as in Java. */
  public List<String> componentNames() {
    return components.stream().map(Component::name).toList();
  }

  /** The components as columns, in order. */
  public List<EventField> fields() {
    return components.stream()
        .map(component ->
            new EventField(
                Names.snakeCase(component.name), Columns.type(component.shape), component.required))
        .toList();
  }

  /** A component of an event in the carrier of its column type. */
  public @Nullable Object column(Object event, int component) {
    return Columns.carrier(components.get(component).shape, get(event, component));
  }

  @Override
  public String text() {
    return "object";
  }

  Class<?> type() {
    return type;
  }

  List<Component> components() {
    return components;
  }

  /** Index of a field by its Java or snake case name, or -1. */
  int indexOf(String field) {
    var found = index.get(field);
    return found == null ? -1 : found;
  }

  @Nullable Object get(Object value, int component) {
    try {
      return (Object) components.get(component).getter.invokeExact(value);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  Object create(@Nullable Object[] values) {
    try {
      return (Object) constructor.invokeExact(values);
    } catch (InvalidEventException e) {
      throw e;
    } catch (RuntimeException refused) {
      throw new InvalidEventException(
          refused.getMessage() == null
              ? "the values do not fit together: " + type.getSimpleName() + " refuses them"
              : EventRules.message(refused),
          null);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  private IllegalStateException rethrown(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return new IllegalStateException("record " + type.getSimpleName() + " refused a value", e);
  }
}
