package io.millrace.node;

import static io.millrace.node.LocalNode.column;
import static io.millrace.node.LocalNode.execute;
import static io.millrace.node.LocalNode.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the doors promise about what a reader has seen. */
class TokensAndSnapshotsIT {
  @TempDir Path directory;
  private LocalNode node;

  @BeforeEach
  void start() throws Exception {
    node = LocalNode.start(directory);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void aRowAppendedWithItsTokenIsInTheNextQueryOfEachDoor() throws Exception {
    try (var sql = node.sql()) {
      for (var id = 1; id <= 50; id++) {
        var token = token(node.issue(id, "appended"));
        execute(sql, "set millrace.after = '" + token + "'");
        assertThat(column(sql, "select last_name from policies.grid where key = " + id))
            .containsExactly("No" + id);
        assertThat(column(sql, "select count(*) from policies.grid"))
            .containsExactly(Integer.toString(id));
        var read =
            node.http(
                "GET",
                "/pstates/policies/book?path=%5B%22C%22,%22policies%22%5D&after="
                    + URLEncoder.encode(token, StandardCharsets.UTF_8),
                "");
        assertThat(read.body()).isEqualTo("{\"values\":[" + id + "]}\n");
        var all =
            node.http(
                "GET",
                "/pstates/policies/grid?path=%5B%7B%22count%22:true%7D%5D&after=" + token,
                "");
        assertThat(all.body()).isEqualTo("{\"values\":[" + id + "]}\n");
      }
    }
  }

  @Test
  void aTokenThatCannotBeSeenIsAClearError() throws Exception {
    var token = token(node.issue(1, "folded"));
    var lost = token.replaceAll(":\\d+$", ":99");
    try (var sql = node.sql()) {
      execute(sql, "set millrace.after = '" + lost + "'");
      assertThatThrownBy(() -> column(sql, "select key from policies.grid"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("LOST")
          .extracting(e -> ((SQLException) e).getSQLState())
          .isEqualTo("55000");
      execute(sql, "set millrace.after = 'nonsense'");
      assertThatThrownBy(() -> column(sql, "select key from policies.grid"))
          .isInstanceOf(SQLException.class)
          .extracting(e -> ((SQLException) e).getSQLState())
          .isEqualTo("22023");
      execute(sql, "reset millrace.after");
      assertThat(column(sql, "select key from policies.grid")).containsExactly("1");
    }
    var path = "/pstates/policies/grid?path=%5B1%5D&after=";
    assertThat(node.http("GET", path + lost, "").statusCode()).isEqualTo(410);
    assertThat(node.http("GET", path + "nonsense", "").statusCode()).isEqualTo(400);
    assertThat(node.http("GET", path + token, "").statusCode()).isEqualTo(200);
  }

  @Test
  void aPathWhoseKeyIsOfAnotherTypeIsTheReadersMistake() throws Exception {
    var answer = node.http("GET", "/pstates/policies/grid?path=%5B%22one%22%5D", "");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("SCHEMA", "expected long, got string");
  }

  @Test
  void aTransactionReadsOneSnapshotAndAStatementOutsideTheNewest() throws Exception {
    node.issue(1, "folded");
    try (var sql = node.sql();
        var other = node.sql()) {
      sql.setAutoCommit(false);
      assertThat(column(sql, "select key from policies.grid")).containsExactly("1");
      var position = column(sql, "show millrace.position");
      var token = token(node.issue(2, "folded"));
      assertThat(column(other, "select count(*) from policies.grid")).containsExactly("2");
      assertThat(column(sql, "select key from policies.grid where key = 2")).isEmpty();
      assertThat(column(sql, "select policies from policies.book")).containsExactly("1");
      assertThat(column(sql, "show millrace.position")).isEqualTo(position);
      assertThatThrownBy(() -> execute(sql, "set millrace.after = '" + token + "'"))
          .isInstanceOf(SQLException.class)
          .extracting(e -> ((SQLException) e).getSQLState())
          .isEqualTo("25001");
      sql.rollback();
      assertThat(column(sql, "select count(*) from policies.grid")).containsExactly("2");
      sql.commit();
    }
  }

  @Test
  void aCursorOfATransactionGoesOnReadingItsSnapshotWhileEventsComeIn() throws Exception {
    for (var id = 1; id <= 300; id++) {
      node.issue(id, "appended");
    }
    try (var sql = node.sql()) {
      sql.setAutoCommit(false);
      try (var statement = sql.createStatement()) {
        statement.setFetchSize(7);
        try (var rows = statement.executeQuery("select key from policies.grid order by key")) {
          long seen = 0;
          while (rows.next()) {
            assertThat(rows.getLong(1)).isEqualTo(++seen);
            if (seen % 50 == 0) {
              node.issue(1_000 + seen, "folded");
            }
          }
          assertThat(seen).isEqualTo(300);
        }
      }
      sql.commit();
      assertThat(column(sql, "select count(*) from policies.grid")).containsExactly("306");
      sql.commit();
    }
  }
}
