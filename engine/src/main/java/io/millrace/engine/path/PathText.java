package io.millrace.engine.path;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.internal.json.JsonValues;
import io.millrace.engine.path.Navigator.Bound;
import io.millrace.engine.path.Navigator.Comparison;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Paths as JSON arrays, {@code ["alice", {"range": ["a", "b"], "limit": 50}, "*"]}.
 *
 * <table>
 *   <caption>Elements</caption>
 *   <tr><td>{@code "alice"}, {@code 42}, {@code true}</td><td>key</td></tr>
 *   <tr><td>{@code "*"}</td><td>all</td></tr>
 *   <tr><td>{@code {"key": k}}, {@code {"must": k}}, {@code {"map_key": k}}</td>
 *     <td>key (also for {@code "*"} and composite keys), must, mapKey</td></tr>
 *   <tr><td>{@code {"nth": 3}}, {@code {"first": true}}, {@code {"last": true}}</td>
 *     <td>list positions</td></tr>
 *   <tr><td>{@code {"vals": true}}, {@code {"keys": true}}, {@code {"count": true}}</td>
 *     <td>mapVals, mapKeys, count</td></tr>
 *   <tr><td>{@code {"elem": e}}, {@code {"contains": e}}</td><td>setElem, contains</td></tr>
 *   <tr><td>{@code {"range": [from, to], "limit": n, "last": true, "inclusive": [true, false]}}</td>
 *     <td>a range; null for an open end; {@code last} keeps the last n</td></tr>
 *   <tr><td>{@code {"append": true}}, {@code {"prepend": true}}</td>
 *     <td>afterLast, beforeFirst</td></tr>
 *   <tr><td>{@code {"default": v}}, {@code {"view": ["plus", 5]}}</td><td>nullTo, view</td></tr>
 *   <tr><td>{@code {"=": v}}, also {@code != < <= > >=}</td><td>filters by comparison</td></tr>
 *   <tr><td>{@code {"selected": path}}, {@code {"not_selected": path}}</td>
 *     <td>filters by path</td></tr>
 *   <tr><td>{@code {"multi": [path, path]}}, {@code {"subselect": path}}, {@code {"stay": true}}
 *     </td><td>control</td></tr>
 * </table>
 */
public final class PathText {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private PathText() {}

  /**
   * A path read from text, its values still in the types of JSON.
   *
   * @param path the path
   * @param positions index in the text of each top-level step
   */
  public record Parsed(Path path, List<Integer> positions) {}

  /** Reads a path; errors name the position. */
  public static Parsed parse(String text) {
    var steps = new ArrayList<Navigator>();
    var positions = new ArrayList<Integer>();
    var position = 0;
    try (var parser = MAPPER.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        throw new PathException("a path is a JSON array", 0);
      }
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        position = at(parser);
        if (parser.currentToken() == null) {
          throw new PathException("the path is not closed by ]", text.length());
        }
        positions.add(position);
        steps.add(step(parser.<JsonNode>readValueAsTree()));
      }
      if (parser.nextToken() != null) {
        throw new PathException("text behind the path", at(parser));
      }
    } catch (JsonProcessingException e) {
      var where = e.getLocation();
      throw new PathException(
          "path is not JSON: " + e.getOriginalMessage(),
          where == null ? position : (int) where.getCharOffset());
    } catch (IOException e) {
      throw new PathException("path cannot be read: " + e.getMessage(), position);
    } catch (PathException e) {
      throw e.position() >= 0 ? e : new PathException(String.valueOf(e.getMessage()), position);
    } catch (RuntimeException e) {
      throw new PathException(String.valueOf(e.getMessage()), position);
    }
    return new Parsed(new Steps(steps), positions);
  }

  private static int at(JsonParser parser) {
    return (int) parser.currentTokenLocation().getCharOffset();
  }

  private static Path path(JsonNode node) {
    if (!node.isArray()) {
      throw new PathException("a path is a JSON array, got " + node);
    }
    var steps = new ArrayList<Navigator>();
    node.forEach(element -> steps.add(step(element)));
    return new Steps(steps);
  }

  private static Navigator step(JsonNode node) {
    if (node.isTextual() && node.textValue().equals("*")) {
      return new Navigator.All();
    }
    if (node.isValueNode()) {
      return new Navigator.Key(present(node));
    }
    var names =
        node.isObject()
            ? new ArrayList<>(node.properties())
            : List.<java.util.Map.Entry<String, JsonNode>>of();
    if (names.isEmpty()) {
      throw new PathException("not a step: " + node + "; write {\"key\": ...} for such a key");
    }
    var name = names.getFirst().getKey();
    var value = names.getFirst().getValue();
    if (name.equals("range")) {
      return range((ObjectNode) node);
    }
    if (names.size() > 1) {
      throw new PathException("one step has one name, got " + node);
    }
    return switch (name) {
      case "key" -> new Navigator.Key(present(value));
      case "must" -> new Navigator.Must(present(value));
      case "map_key" -> new Navigator.MapKey(present(value));
      case "nth" -> new Navigator.Nth(integer(name, value));
      case "elem" -> new Navigator.SetElem(present(value));
      case "contains" -> new Navigator.Contains(JsonValues.plain(value));
      case "default" -> new Navigator.NullTo(present(value));
      case "view" -> new Navigator.View(function(value));
      case "selected" -> new Navigator.Selected(path(value), true);
      case "not_selected" -> new Navigator.Selected(path(value), false);
      case "subselect" -> new Navigator.Subselect(path(value));
      case "multi" -> multi(value);
      default -> word(name, value);
    };
  }

  private static Navigator word(String name, JsonNode value) {
    for (var comparison : Comparison.values()) {
      if (comparison.sign().equals(name)) {
        return new Navigator.Compare(comparison, JsonValues.plain(value));
      }
    }
    if (!value.isBoolean() || !value.booleanValue()) {
      throw new PathException("no step {\"" + name + "\": " + value + "}");
    }
    return switch (name) {
      case "all" -> new Navigator.All();
      case "first" -> new Navigator.First();
      case "last" -> new Navigator.Last();
      case "vals" -> new Navigator.MapVals();
      case "keys" -> new Navigator.MapKeys();
      case "count" -> new Navigator.Count();
      case "append" -> new Navigator.AfterLast();
      case "prepend" -> new Navigator.BeforeFirst();
      case "stay" -> new Navigator.Stay();
      default -> throw new PathException("no step " + name);
    };
  }

  private static Navigator multi(JsonNode value) {
    var paths = new ArrayList<Path>();
    value.forEach(element -> paths.add(path(element)));
    return new Navigator.Multi(paths);
  }

  private static Object present(JsonNode node) {
    var value = JsonValues.plain(node);
    if (value == null) {
      throw new PathException("null is not a key");
    }
    return value;
  }

  private static int integer(String name, JsonNode node) {
    if (!node.canConvertToInt() || !node.isIntegralNumber()) {
      throw new PathException(name + " takes an integer, got " + node);
    }
    return node.intValue();
  }

  private static Fn function(JsonNode node) {
    if (node.isTextual()) {
      return new Fn.Named(node.textValue(), List.of());
    }
    if (!node.isArray() || !node.path(0).isTextual()) {
      throw new PathException("a function is [\"name\", argument...], got " + node);
    }
    var arguments = new ArrayList<Object>();
    for (var i = 1; i < node.size(); i++) {
      arguments.add(present(node.get(i)));
    }
    return new Fn.Named(node.get(0).textValue(), arguments);
  }

  private static Navigator range(ObjectNode node) {
    var bounds = node.get("range");
    if (!bounds.isArray() || bounds.size() != 2) {
      throw new PathException("a range is [from, to], null for an open end, got " + bounds);
    }
    var inclusive = node.path("inclusive");
    if (!inclusive.isMissingNode() && (!inclusive.isArray() || inclusive.size() != 2)) {
      throw new PathException("inclusive is [true, false] by default, got " + inclusive);
    }
    for (var member : node.properties()) {
      if (!List.of("range", "limit", "last", "inclusive").contains(member.getKey())) {
        throw new PathException("a range has no " + member.getKey());
      }
    }
    var limit = node.has("limit") ? integer("limit", node.get("limit")) : 0;
    return new Navigator.SortedRange(
        bound(bounds.get(0), inclusive.path(0).asBoolean(true)),
        bound(bounds.get(1), inclusive.path(1).asBoolean(false)),
        limit,
        node.path("last").asBoolean(false));
  }

  private static @Nullable Bound bound(JsonNode node, boolean inclusive) {
    var value = JsonValues.plain(node);
    return value == null ? null : new Bound(value, inclusive);
  }

  /** Writes a path. Lambdas have no text: they are printed for messages but cannot be read. */
  public static String print(Path path) {
    return array(path).toString();
  }

  private static ArrayNode array(Path path) {
    var array = NODES.arrayNode();
    path.steps().forEach(step -> array.add(node(step)));
    return array;
  }

  private static JsonNode node(Navigator step) {
    return switch (step) {
      case Navigator.Key(var key) -> key(key);
      case Navigator.Must(var key) -> member("must", JsonValues.node(key));
      case Navigator.Nth(var index) -> member("nth", NODES.numberNode(index));
      case Navigator.First() -> word("first");
      case Navigator.Last() -> word("last");
      case Navigator.All() -> NODES.textNode("*");
      case Navigator.MapVals() -> word("vals");
      case Navigator.MapKeys() -> word("keys");
      case Navigator.MapKey(var key) -> member("map_key", JsonValues.node(key));
      case Navigator.SetElem(var element) -> member("elem", JsonValues.node(element));
      case Navigator.Contains(var element) -> member("contains", JsonValues.node(element));
      case Navigator.Count() -> word("count");
      case Navigator.SortedRange range -> node(range);
      case Navigator.AfterLast() -> word("append");
      case Navigator.BeforeFirst() -> word("prepend");
      case Navigator.NullTo(var value) -> member("default", JsonValues.node(value));
      case Navigator.View(var function) -> member("view", node(function));
      case Navigator.Compare(var comparison, var value) ->
          member(comparison.sign(), JsonValues.node(value));
      case Navigator.Where _ -> member("where", NODES.textNode("(lambda)"));
      case Navigator.Selected(var path, var wanted) ->
          member(wanted ? "selected" : "not_selected", array(path));
      case Navigator.Multi(var paths) -> {
        var array = NODES.arrayNode();
        paths.forEach(path -> array.add(array(path)));
        yield member("multi", array);
      }
      case Navigator.Subselect(var path) -> member("subselect", array(path));
      case Navigator.Stay() -> word("stay");
    };
  }

  private static JsonNode key(Object key) {
    var node = JsonValues.node(key);
    var plain = node.isValueNode() && !(node.isTextual() && node.textValue().equals("*"));
    return plain ? node : member("key", node);
  }

  private static JsonNode node(Fn function) {
    return switch (function) {
      case Fn.Named(var name, var arguments) -> {
        var array = NODES.arrayNode().add(name);
        arguments.forEach(argument -> array.add(JsonValues.node(argument)));
        yield array;
      }
      case Fn.Lambda _ -> NODES.textNode("(lambda)");
    };
  }

  private static JsonNode node(Navigator.SortedRange range) {
    var node = NODES.objectNode();
    var from = range.from();
    var to = range.to();
    node.putArray("range")
        .add(JsonValues.node(from == null ? null : from.value()))
        .add(JsonValues.node(to == null ? null : to.value()));
    if (range.limit() > 0) {
      node.put("limit", range.limit());
    }
    if (range.fromEnd()) {
      node.put("last", true);
    }
    var fromInclusive = from == null || from.inclusive();
    var toInclusive = to != null && to.inclusive();
    if (!fromInclusive || toInclusive) {
      node.putArray("inclusive").add(fromInclusive).add(toInclusive);
    }
    return node;
  }

  private static ObjectNode word(String name) {
    return member(name, NODES.booleanNode(true));
  }

  private static ObjectNode member(String name, JsonNode value) {
    return NODES.objectNode().set(name, value);
  }
}
