package io.millrace.http.ingest;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.http.exchange.Json;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads one event: checks that it is one JSON object and takes our members out of it. */
final class EventParser {
  private static final int MAX_KEY = 512;

  private final @Nullable String type;
  private final @Nullable String keyFrom;

  /**
   * A parser for the events of one request.
   *
   * @param type their type unless an event names its own
   * @param keyFrom member of each event that is its idempotency key, or null
   */
  EventParser(@Nullable String type, @Nullable String keyFrom) {
    this.type = type;
    this.keyFrom = keyFrom;
  }

  /**
   * Parses.
   *
   * @param given idempotency key given beside the event, or null
   * @throws BadEvent when it is not one JSON object
   */
  IncomingEvent parse(byte[] bytes, int offset, int length, @Nullable String given) {
    try {
      var found = check(bytes, offset, length);
      var key = given != null ? given : found;
      if (hasOwnMember(bytes, offset, length)) {
        return withOwnMembers(bytes, offset, length, key);
      }
      return new IncomingEvent(type, key, Arrays.copyOfRange(bytes, offset, offset + length));
    } catch (JsonParseException e) {
      var column = e.getLocation() == null ? -1 : e.getLocation().getColumnNr();
      throw new BadEvent("not JSON: " + e.getOriginalMessage(), null, column);
    } catch (JsonProcessingException e) {
      var why =
          e instanceof StreamConstraintsException ? "beyond a limit: " : "not a JSON object: ";
      throw new BadEvent(why + withoutSource(e.getOriginalMessage()), null, -1);
    } catch (IOException e) {
      throw new BadEvent("not text in UTF-8", null, -1);
    }
  }

  /** The parser names its own settings behind a limit; that is of no use to a client. */
  private static String withoutSource(String message) {
    var at = message.indexOf(", from `");
    return at < 0 ? message : message.substring(0, at) + ")";
  }

  /** Checks the syntax and returns the key found in the event, if one is asked for. */
  private @Nullable String check(byte[] bytes, int offset, int length) throws IOException {
    try (JsonParser parser = Json.mapper().createParser(bytes, offset, length)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new BadEvent("an event is a JSON object", null, 1);
      }
      String key = null;
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        var wanted = keyFrom != null && keyFrom.equals(parser.currentName());
        var value = parser.nextToken();
        if (wanted && value.isScalarValue() && value != JsonToken.VALUE_NULL) {
          key = parser.getText();
        }
        parser.skipChildren();
      }
      if (parser.nextToken() != null) {
        throw new BadEvent(
            "more than one value", null, parser.currentTokenLocation().getColumnNr());
      }
      if (keyFrom != null && (key == null || key.isEmpty() || key.length() > MAX_KEY)) {
        throw new BadEvent("the key must be a text of 1 to 512 characters", keyFrom, -1);
      }
      return key;
    }
  }

  /** Whether a string starts with the sign of our members; the slow way is taken only then. */
  private static boolean hasOwnMember(byte[] bytes, int offset, int length) {
    for (var i = offset; i < offset + length - 1; i++) {
      if (bytes[i] == '"' && bytes[i + 1] == '@') {
        return true;
      }
    }
    return false;
  }

  private IncomingEvent withOwnMembers(byte[] bytes, int offset, int length, @Nullable String key)
      throws IOException {
    var event = (ObjectNode) Json.mapper().readTree(bytes, offset, length);
    var ownKey = text(event.remove("@key"), "@key");
    var ownType = text(event.remove("@type"), "@type");
    for (var name : event.propertyStream().map(java.util.Map.Entry::getKey).toList()) {
      if (name.startsWith("@")) {
        throw new BadEvent("unknown member; @key and @type are known", name, -1);
      }
    }
    return new IncomingEvent(
        ownType != null ? ownType : type,
        ownKey != null ? ownKey : key,
        Json.mapper().writeValueAsBytes(event));
  }

  private static @Nullable String text(@Nullable JsonNode value, String name) {
    if (value == null) {
      return null;
    }
    if (!value.isTextual() || value.textValue().isEmpty() || value.textValue().length() > MAX_KEY) {
      throw new BadEvent("a text of 1 to 512 characters is expected", name, -1);
    }
    return value.textValue();
  }

  /** An event that cannot be read. */
  static final class BadEvent extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final @Nullable String field;
    private final int column;

    BadEvent(String message, @Nullable String field, int column) {
      super(message, null, false, false);
      this.field = field;
      this.column = column;
    }

    @Nullable String field() {
      return field;
    }

    int column() {
      return column;
    }
  }
}
