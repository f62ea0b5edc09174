package io.millrace.engine.pstate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import org.jspecify.annotations.Nullable;

/** Schemas as JSON: {@code "long"}, {@code {"map": ["string", "long"], "subindexed": true}}. */
final class SchemaText {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private SchemaText() {}

  static String write(Schema schema) {
    return node(schema).toString();
  }

  private static JsonNode node(Schema schema) {
    return switch (schema) {
      case Scalar scalar -> NODES.textNode(scalar.text());
      case MapSchema map -> {
        var node = NODES.objectNode();
        node.putArray("map").add(node(map.key())).add(node(map.value()));
        yield marked(node, map.isSubindexed());
      }
      case SetSchema set ->
          marked(NODES.objectNode().set("set", node(set.element())), set.isSubindexed());
      case ListSchema list ->
          marked(NODES.objectNode().set("list", node(list.element())), list.isSubindexed());
      case RecordSchema record -> {
        var node = NODES.objectNode();
        var fields = node.putObject("record");
        var required = NODES.arrayNode();
        for (var field : record.fields()) {
          fields.set(field.name(), node(field.schema()));
          if (!field.nullable()) {
            required.add(field.name());
          }
        }
        yield required.isEmpty() ? node : node.set("required", required);
      }
    };
  }

  private static JsonNode marked(ObjectNode node, boolean subindexed) {
    return subindexed ? node.put("subindexed", true) : node;
  }

  static Schema parse(String json) {
    try {
      return schema(MAPPER.readTree(json));
    } catch (JsonProcessingException e) {
      throw new SchemaException("schema text is not JSON: " + e.getOriginalMessage());
    }
  }

  private static Schema schema(@Nullable JsonNode node) {
    if (node != null && node.isTextual()) {
      for (var scalar : Scalar.values()) {
        if (scalar.text().equals(node.textValue())) {
          return scalar;
        }
      }
    } else if (node != null && node.isObject()) {
      var subindexed = node.path("subindexed").asBoolean();
      if (node.path("map").size() == 2) {
        var map = node.get("map");
        return new MapSchema(schema(map.get(0)), schema(map.get(1)), subindexed);
      }
      if (node.has("set")) {
        return new SetSchema(schema(node.get("set")), subindexed);
      }
      if (node.has("list")) {
        return new ListSchema(schema(node.get("list")), subindexed);
      }
      if (node.path("record").isObject()) {
        return record(node);
      }
    }
    throw new SchemaException("not a schema: " + node);
  }

  private static Schema record(JsonNode node) {
    var required = new HashSet<String>();
    node.path("required").forEach(name -> required.add(name.asText()));
    var fields = new ArrayList<RecordSchema.Field>();
    for (var field : node.get("record").properties()) {
      var name = field.getKey();
      fields.add(new RecordSchema.Field(name, schema(field.getValue()), !required.contains(name)));
    }
    return new RecordSchema(fields, null);
  }
}
