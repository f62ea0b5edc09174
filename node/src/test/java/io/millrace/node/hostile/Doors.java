package io.millrace.node.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.event.InvalidEventException;
import io.millrace.node.LocalNode;
import io.millrace.node.hostile.Samples.Sample;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PGobject;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;

/** Every way into a depot, and what each may answer. */
final class Doors implements AutoCloseable {
  /** Names of the doors. */
  static final List<String> NAMES = List.of("json", "binary", "http", "resp", "sql", "literal");

  private final LocalNode node;
  private final Jedis jedis;
  private final Connection sql;

  Doors(LocalNode node) throws SQLException {
    this.node = node;
    jedis = new Jedis("127.0.0.1", node.node().respPort());
    sql = node.sql();
  }

  /** Values as they are drawn for a door: not every one can be sent through each. */
  static Sample draw(String door, Samples samples, String field) {
    return door.equals("json") || door.equals("binary")
        ? samples.nextJava(field)
        : samples.next(field);
  }

  /**
   * Sends an event.
   *
   * @return null when it was taken, otherwise why it was refused
   */
  @Nullable String send(String door, Sample sample, long id) throws Exception {
    return switch (door) {
      case "json" -> inProcess("hostile/sent", sample, id);
      case "binary" -> inProcess("hostile/packed", sample, id);
      case "http" -> http(sample, id);
      case "resp" -> resp(sample, id);
      case "sql" -> parameter(sample, id);
      default -> literal(sample, id);
    };
  }

  private @Nullable String inProcess(String depot, Sample sample, long id) {
    try {
      var result = node.node().engine().depot(depot).append(sample.thing(id));
      assertThat(result.stopped()).isEmpty();
      return null;
    } catch (InvalidEventException refused) {
      return String.valueOf(refused.getMessage());
    }
  }

  private @Nullable String http(Sample sample, long id) throws Exception {
    var path = "/depots/hostile/" + (id % 2 == 0 ? "sent" : "packed") + "/events";
    var event = sample.event(id);
    var answer =
        id % 5 == 0
            ? node.http("POST", path, event, "Content-Type", "application/x-ndjson")
            : node.http(
                "POST",
                path,
                event,
                "Content-Type",
                "application/json",
                "Idempotency-Key",
                "k" + id);
    assertThat(answer.statusCode()).as(answer.body()).isIn(200, 400, 422);
    assertThat(answer.body()).doesNotContain("\"stopped\"");
    return answer.statusCode() == 200 ? null : answer.body();
  }

  private @Nullable String resp(Sample sample, long id) {
    try {
      var reply = (List<?>) command("DEPOT.APPEND", "hostile/sent", "WITHACKS", sample.event(id));
      assertThat(reply).hasSize(1).allSatisfy(one -> assertThat(one).isInstanceOf(List.class));
      return null;
    } catch (JedisDataException refused) {
      assertThat(refused.getMessage()).startsWith("SCHEMA ");
      return refused.getMessage();
    }
  }

  /** A command of RESP. */
  Object command(String name, String... arguments) {
    var bytes = new byte[arguments.length][];
    for (var i = 0; i < bytes.length; i++) {
      bytes[i] = arguments[i].getBytes(StandardCharsets.UTF_8);
    }
    return jedis.sendCommand(() -> name.getBytes(StandardCharsets.UTF_8), bytes);
  }

  private @Nullable String parameter(Sample sample, long id) throws SQLException {
    var insert = "insert into hostile.sent (id, \"" + sample.field() + "\") values (?, ?)";
    try (var statement = sql.prepareStatement(insert)) {
      statement.setLong(1, id);
      set(statement, sample);
      statement.executeUpdate();
      return null;
    } catch (SQLException refused) {
      return refused(refused);
    }
  }

  private static void set(PreparedStatement statement, Sample sample) throws SQLException {
    switch (sample.value()) {
      case null -> other(statement, "unknown", sample.json());
      case Long v -> statement.setLong(2, v);
      case Integer v -> statement.setInt(2, v);
      case Short v -> statement.setInt(2, v);
      case Byte v -> statement.setInt(2, v);
      case Double v -> statement.setDouble(2, v);
      case Float v -> statement.setDouble(2, v);
      case Boolean v -> statement.setBoolean(2, v);
      case byte[] v -> statement.setBytes(2, v);
      case String v -> statement.setString(2, v);
      case java.time.Instant v -> instant(statement, v);
      case java.math.BigDecimal v -> statement.setDouble(2, v.doubleValue());
      case java.util.UUID v -> statement.setString(2, v.toString());
      case Hostile.Kind v -> statement.setString(2, v.name());
      default -> other(statement, "json", sample.json());
    }
  }

  private static void instant(PreparedStatement statement, java.time.Instant at)
      throws SQLException {
    try {
      statement.setTimestamp(2, new Timestamp(at.toEpochMilli()));
    } catch (ArithmeticException e) {
      statement.setNull(2, Types.TIMESTAMP);
    }
  }

  private static void other(PreparedStatement statement, String type, String text)
      throws SQLException {
    var value = new PGobject();
    value.setType(type);
    value.setValue(text);
    statement.setObject(2, value);
  }

  /** The JSON of a value as a literal: quoted, as it stands, or with its text escaped. */
  private @Nullable String literal(Sample sample, long id) throws SQLException {
    var text = sample.json();
    var shown =
        switch ((int) (id % 3)) {
          case 0 -> "'" + text.replace("'", "''") + "'";
          case 1 -> text.isEmpty() ? "''" : text.startsWith("\"") ? escaped(text) : text;
          default -> "E'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
        };
    try (var statement = sql.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.executeUpdate(
          "insert into hostile.sent (id, \""
              + sample.field()
              + "\") values ("
              + id
              + ", "
              + shown
              + ")");
      return null;
    } catch (SQLException refused) {
      return refused(refused);
    }
  }

  private static String escaped(String json) {
    var inside = json.length() < 2 ? json : json.substring(1, json.length() - 1);
    return "E'" + inside.replace("'", "\\'") + "'";
  }

  private String refused(SQLException refused) throws SQLException {
    var message = String.valueOf(refused.getMessage());
    assertThat(message.toLowerCase(Locale.ROOT)).doesNotContain("internal error");
    assertThat(String.valueOf(refused.getSQLState())).as(message).doesNotStartWith("XX");
    assertThat(sql.isValid(5)).isTrue();
    return message;
  }

  /** Cells of a query as text, row by row. */
  List<List<@Nullable String>> rows(String query) throws SQLException {
    var rows = new java.util.ArrayList<List<@Nullable String>>();
    try (var statement = sql.createStatement();
        var found = statement.executeQuery(query)) {
      while (found.next()) {
        var row = new java.util.ArrayList<@Nullable String>();
        for (var i = 1; i <= found.getMetaData().getColumnCount(); i++) {
          row.add(found.getString(i));
        }
        rows.add(row);
      }
    }
    return rows;
  }

  @Override
  public void close() throws SQLException {
    sql.close();
    jedis.close();
  }
}
