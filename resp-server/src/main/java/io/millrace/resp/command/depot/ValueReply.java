package io.millrace.resp.command.depot;

import io.millrace.resp.protocol.ReplyWriter;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Values of pstates as replies: nested maps, sets and lists stay what they are in RESP3. */
final class ValueReply {
  private ValueReply() {}

  static void write(@Nullable Object value, ReplyWriter reply) {
    switch (value) {
      case null -> reply.nil();
      case Boolean truth -> reply.bool(truth);
      case Double number -> reply.number(number);
      case Float number -> reply.number(number);
      case Number number -> reply.integer(number.longValue());
      case byte[] bytes -> reply.bulk(bytes);
      case Map<?, ?> map -> {
        reply.map(map.size());
        map.forEach((key, inner) -> {
          write(key, reply);
          write(inner, reply);
        });
      }
      case Set<?> set -> {
        reply.set(set.size());
        set.forEach(inner -> write(inner, reply));
      }
      case Collection<?> list -> {
        reply.array(list.size());
        list.forEach(inner -> write(inner, reply));
      }
      case Record record -> writeRecord(record, reply);
      case Enum<?> constant -> reply.bulk(constant.name());
      default -> reply.bulk(value.toString());
    }
  }

  private static void writeRecord(Record record, ReplyWriter reply) {
    var components = record.getClass().getRecordComponents();
    reply.map(components.length);
    for (var component : components) {
      reply.bulk(component.getName());
      write(component(record, component), reply);
    }
  }

  private static @Nullable Object component(Record record, RecordComponent component) {
    try {
      var accessor = component.getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(record);
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException(
          "cannot read " + component.getName() + " of " + record.getClass(), impossible);
    }
  }
}
