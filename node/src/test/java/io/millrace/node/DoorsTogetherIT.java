package io.millrace.node;

import static io.millrace.node.LocalNode.column;
import static io.millrace.node.LocalNode.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds for all doors of a node: one password, the same addresses, limits by key. */
class DoorsTogetherIT {
  @TempDir Path directory;

  private static String redis(LocalNode node, String host, String line) throws Exception {
    try (var socket = new Socket(host, node.node().respPort())) {
      socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
      var in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      return in.readLine();
    }
  }

  @Test
  void aPasswordSetByAClientGuardsAllDoorsFromThenOn() throws Exception {
    try (var node = LocalNode.start(directory);
        var before = node.sql()) {
      assertThat(node.http("GET", "/metrics", "").statusCode()).isEqualTo(200);
      assertThat(redis(node, "127.0.0.1", "CONFIG SET requirepass secret")).isEqualTo("+OK");

      assertThat(redis(node, "127.0.0.1", "PING")).startsWith("-NOAUTH");
      assertThat(node.http("GET", "/metrics", "").statusCode()).isEqualTo(401);
      assertThat(node.http("GET", "/metrics", "", "Authorization", "Bearer secret").statusCode())
          .isEqualTo(200);
      assertThatThrownBy(() -> node.sql("wrong").close())
          .isInstanceOf(SQLException.class)
          .extracting(e -> ((SQLException) e).getSQLState())
          .isEqualTo("28P01");
      try (var sql = node.sql("secret")) {
        assertThat(column(sql, "select 1")).containsExactly("1");
      }
      assertThat(column(before, "select 1")).containsExactly("1");
    }
  }

  @Test
  void everyDoorListensOnEveryAddress() throws Exception {
    try (var node = LocalNode.start(directory, "--bind", "127.0.0.1", "127.0.0.2", "-192.0.2.1")) {
      for (var host : new String[] {"127.0.0.1", "127.0.0.2"}) {
        assertThat(redis(node, host, "PING")).isEqualTo("+PONG");
        var url = "jdbc:postgresql://" + host + ":" + node.node().sqlPort() + "/millrace";
        try (var sql = DriverManager.getConnection(url, "millrace", "")) {
          assertThat(column(sql, "select 1")).containsExactly("1");
        }
        try (var socket = new Socket(host, node.node().httpPort())) {
          assertThat(socket.isConnected()).isTrue();
        }
      }
    }
  }

  @Test
  void theLimitsOfStatementsAreKeysOfTheConfiguration() throws Exception {
    try (var node =
            LocalNode.start(
                directory, "--sql-statement-timeout", "150", "--sql-statement-memory", "1mb");
        var sql = node.sql()) {
      assertThat(column(sql, "show statement_timeout")).containsExactly("150");
      for (var id = 1; id <= 200; id++) {
        node.issue(id, "appended");
      }
      assertThatThrownBy(() ->
              column(
                  sql,
                  "select count(*) from policies.grid a, policies.grid b, policies.grid c,"
                      + " policies.grid d where a.premium_cents + b.premium_cents"
                      + " + c.premium_cents + d.premium_cents < 0"))
          .isInstanceOf(SQLException.class)
          .extracting(e -> ((SQLException) e).getSQLState())
          .isEqualTo("57014");
      execute(sql, "set statement_timeout = 0");
      assertThatThrownBy(() ->
              column(
                  sql, "select a.key, b.key from policies.grid a, policies.grid b order by 1, 2"))
          .isInstanceOf(SQLException.class)
          .extracting(e -> ((SQLException) e).getSQLState())
          .isEqualTo("53200");
    }
  }
}
