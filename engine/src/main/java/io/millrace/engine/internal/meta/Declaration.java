package io.millrace.engine.internal.meta;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.depot.Depot;
import io.millrace.engine.depot.Retention;
import io.millrace.engine.event.EventFormat;
import io.millrace.engine.module.Definition;
import io.millrace.engine.topology.StreamTopology;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a module declares, as the directory remembers it: everything that decides how bytes already
 * written are read. Code is not in it.
 *
 * @param depots depots by name
 * @param pstates pstates by name
 * @param topologies topologies by name, each with the depots it reads
 */
public record Declaration(
    Map<String, DepotForm> depots,
    Map<String, PStateForm> pstates,
    Map<String, List<String>> topologies) {
  private static final int FORMAT = 1;
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** Key of a depot whose events all go to one partition. */
  static final String GLOBAL = "global";

  /** Key of a depot whose events go to any partition. */
  static final String NONE = "none";

  /** Key of a depot that is computed by code without a name. */
  static final String FUNCTION = "function";

  /**
   * A depot.
   *
   * @param key {@link #GLOBAL}, {@link #NONE}, {@link #FUNCTION}, or {@code key:column}
   * @param format {@code json} or {@code binary}
   * @param retention how long events are kept
   * @param types event types by name
   */
  public record DepotForm(
      String key, String format, Retention retention, Map<String, TypeForm> types) {}

  /**
   * An event type.
   *
   * @param version declared version
   * @param shape shape in JSON
   */
  public record TypeForm(int version, JsonNode shape) {}

  /**
   * A pstate.
   *
   * @param global whether all of it lives on task 0
   * @param schema schema in JSON
   */
  public record PStateForm(boolean global, JsonNode schema) {}

  /** What a module's definition declares. */
  public static Declaration of(Definition definition) {
    var depots = new LinkedHashMap<String, DepotForm>();
    definition.depots().forEach(depot -> depots.put(depot.name(), form(depot)));
    var pstates = new LinkedHashMap<String, PStateForm>();
    for (var pstate : definition.pstates()) {
      pstates.put(pstate.name(), new PStateForm(pstate.isGlobal(), tree(pstate.schema().toJson())));
    }
    var topologies = new LinkedHashMap<String, List<String>>();
    definition.streams().forEach(stream -> topologies.put(stream.name(), sources(stream)));
    return new Declaration(depots, pstates, topologies);
  }

  private static List<String> sources(StreamTopology stream) {
    return stream.sources().stream().map(source -> source.depot().name()).toList();
  }

  private static DepotForm form(Depot<?> depot) {
    var types = new LinkedHashMap<String, TypeForm>();
    for (var type : depot.types()) {
      types.put(type.name(), new TypeForm(type.version(), tree(type.shapeJson())));
    }
    var format = depot.format() == EventFormat.JSON ? "json" : "binary";
    return new DepotForm(key(depot), format, depot.retention(), types);
  }

  private static String key(Depot<?> depot) {
    if (depot.isGlobal()) {
      return GLOBAL;
    }
    if (depot.key() == null) {
      return NONE;
    }
    var name = depot.keyName();
    return name == null ? FUNCTION : "key:" + name.column();
  }

  private static JsonNode tree(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not JSON: " + json, e);
    }
  }

  /** The text the directory keeps; {@link #parse} reads it back. */
  public String text() {
    var all = NODES.objectNode().put("format", FORMAT);
    var depotNodes = all.putObject("depots");
    depots.forEach((name, depot) -> depotNodes.set(name, node(depot)));
    var pstateNodes = all.putObject("pstates");
    pstates.forEach((name, pstate) -> {
      var node = pstateNodes.putObject(name);
      node.put("global", pstate.global).set("schema", pstate.schema);
    });
    var topologyNodes = all.putObject("topologies");
    topologies.forEach((name, sources) -> {
      var node = topologyNodes.putArray(name);
      sources.forEach(node::add);
    });
    return all.toString();
  }

  private static ObjectNode node(DepotForm depot) {
    var node = NODES.objectNode().put("key", depot.key).put("format", depot.format);
    node.putArray("retention")
        .add(depot.retention.maxAgeMs())
        .add(depot.retention.maxBytes())
        .add(depot.retention.maxCount());
    var types = node.putObject("types");
    depot.types.forEach((name, type) ->
        types.putObject(name).put("version", type.version).set("shape", type.shape));
    return node;
  }

  /**
   * Reads {@link #text}.
   *
   * @throws IllegalStateException when it is not such a text, or of a newer format
   */
  public static Declaration parse(String text) {
    var all = tree(text);
    if (all.path("format").asInt() != FORMAT) {
      throw new IllegalStateException(
          "a module was declared by a newer Millrace: format=" + all.path("format").asText());
    }
    var depots = new LinkedHashMap<String, DepotForm>();
    all.path("depots").properties().forEach(e -> depots.put(e.getKey(), depot(e.getValue())));
    var pstates = new LinkedHashMap<String, PStateForm>();
    for (var entry : all.path("pstates").properties()) {
      var node = entry.getValue();
      pstates.put(
          entry.getKey(), new PStateForm(node.path("global").asBoolean(), node.get("schema")));
    }
    var topologies = new LinkedHashMap<String, List<String>>();
    for (var entry : all.path("topologies").properties()) {
      var sources = new ArrayList<String>();
      entry.getValue().forEach(source -> sources.add(source.asText()));
      topologies.put(entry.getKey(), sources);
    }
    return new Declaration(depots, pstates, topologies);
  }

  private static DepotForm depot(JsonNode node) {
    var limits = node.path("retention");
    var retention =
        new Retention(limits.path(0).asLong(), limits.path(1).asLong(), limits.path(2).asLong());
    var types = new LinkedHashMap<String, TypeForm>();
    for (var entry : node.path("types").properties()) {
      var type = entry.getValue();
      types.put(entry.getKey(), new TypeForm(type.path("version").asInt(), type.get("shape")));
    }
    return new DepotForm(node.path("key").asText(), node.path("format").asText(), retention, types);
  }
}
