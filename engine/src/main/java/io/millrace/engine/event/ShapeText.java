package io.millrace.engine.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Locale;

/** Shapes of events as JSON; field names are those of the JSON form, in snake case. */
final class ShapeText {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private ShapeText() {}

  static String write(Shape shape) {
    return node(shape).toString();
  }

  private static JsonNode node(Shape shape) {
    return switch (shape) {
      case Shape.One one -> NODES.textNode(one.name().toLowerCase(Locale.ROOT));
      case Shape.Choice choice -> {
        var node = NODES.objectNode();
        var constants = node.putArray("enum");
        choice.constants().keySet().forEach(constants::add);
        yield node;
      }
      case Shape.Many many ->
          NODES.objectNode().set(many.isSet() ? "set" : "list", node(many.element()));
      case Shape.Table table -> NODES.objectNode().set("map", node(table.value()));
      case RecordShape record -> record(record);
    };
  }

  private static JsonNode record(RecordShape record) {
    var node = NODES.objectNode();
    var fields = node.putObject("record");
    var nullable = NODES.arrayNode();
    for (var component : record.components()) {
      var name = Names.snakeCase(component.name());
      fields.set(name, node(component.shape()));
      if (!component.required()) {
        nullable.add(name);
      }
    }
    return nullable.isEmpty() ? node : node.set("nullable", nullable);
  }
}
