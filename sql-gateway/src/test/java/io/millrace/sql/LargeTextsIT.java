package io.millrace.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Expressions that would make very large values, or never end: an error, and the server lives. */
final class LargeTextsIT {
  private static DemoDatabase database;

  @BeforeAll
  static void start() throws Exception {
    database = new DemoDatabase(5000, config -> config.withMemory(64 << 20, 256 << 20), null);
  }

  @AfterAll
  static void stop() {
    assertThat(database.openSnapshots()).isZero();
    database.close();
  }

  private static String answer(String sql) throws SQLException {
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      connection.setNetworkTimeout(Runnable::run, (int) TimeUnit.SECONDS.toMillis(20));
      try (var rows = statement.executeQuery(sql)) {
        return rows.next() ? String.valueOf(rows.getString(1)) : "none";
      } catch (SQLException error) {
        return error.getSQLState();
      }
    }
  }

  private static String messageWithin(int ms, String sql) {
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      connection.setNetworkTimeout(Runnable::run, (int) TimeUnit.SECONDS.toMillis(20));
      statement.execute("set statement_timeout = " + ms);
      statement.execute(sql);
      return "ended";
    } catch (SQLException error) {
      return String.valueOf(error.getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select repeat('x', 2000000000)",
        "select lpad('x', 2000000000, 'y')",
        "select rpad('x', 2000000000)",
        "select replace(repeat('x', 1000000), 'x', repeat('y', 1000))",
        "select array_to_string(repeat(',', 1000000), repeat('y', 1000))",
        "select length(repeat('x', 40000000) || repeat('y', 40000000))",
        "select repeat(first_name, 100000000) from users where id = 3",
      })
  void aTextLargerThanAnyMayBeIsRefusedBeforeItIsMade(String sql) throws Exception {
    assertThat(answer(sql)).isIn("54000", "53200");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select length(concat(repeat('a', 30000000), repeat('b', 30000000), repeat('c', 30000000)))",
        "select string_agg(repeat(first_name, 100000), ',') from users",
      })
  void largeTextsCountAsTheStatementsMemory(String sql) throws Exception {
    assertThat(answer(sql)).isEqualTo("53200");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select count(*) from users where length(repeat(first_name, 10000)) > 0 => 5000",
        "select min(length(t)) from (select left(repeat(first_name, 10000), 10000) as t"
            + " from users) as x => 10000",
        "select split_part('a,b,c', ',', -1) => c",
        "select split_part('a,b,c', ',', 4) => ",
        "select split_part('a::b', '::', 2) => b",
        "select split_part('abc', ',', -2) => ",
        "select replace('banana', 'an', 'AN') => bANANa",
        "select position('na' in 'banana') => 3",
        "select btrim('xyabcyx', 'xy') => abc",
        "select strpos(repeat('a', 100000) || 'b', repeat('a', 50000) || 'b') => 50001",
        "select round(1.55, 1) => 1.6",
        "select round(1.5, 2000000000) > 0 => t",
      })
  void whatIsLetGoOnTheWayIsNotCounted(String sqlAndAnswer) throws Exception {
    var parts = sqlAndAnswer.split(" => ", -1);
    assertThat(answer(parts[0])).isEqualTo(parts[1]);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select strpos(repeat('a', 20000000), repeat('a', 10000000) || 'b')",
        "select position(concat(repeat('a', 10000000), 'b') in repeat('a', 20000000))",
        "select repeat('a', 20000000) like '%' || repeat('a', 10000000) || 'b%'",
        "select repeat('a', 20000000) like '%_' || repeat('a', 10000000) || 'b%'",
        "select length(replace(repeat('a', 20000000), repeat('a', 10000000) || 'b', ''))",
        "select split_part(repeat('a', 20000000), repeat('a', 10000000) || 'b', 2)",
      })
  void anEndlessSearchEndsAtTheStatementTimeout(String sql) throws Exception {
    // Not so short that it ends the planning.
    var timeouts = List.of(500, 2_000, 10_000);
    assertThat(timeouts).anyMatch(ms -> messageWithin(ms, sql).contains("statement timeout"));
  }

  @Test
  void manyLargeRowsArriveAlthoughTogetherTheyAreMoreThanTheStatementMayHold() throws Exception {
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      try (var rows = statement.executeQuery("select repeat('x', 1000000) from users limit 80")) {
        int count = 0;
        while (rows.next()) {
          assertThat(rows.getString(1)).hasSize(1_000_000);
          count++;
        }
        assertThat(count).isEqualTo(80);
      }
    }
  }

  @Test
  void exactNumbersCannotGrowWithoutEnd() throws Exception {
    var from = "(select cast('" + "9".repeat(10_000) + "' as numeric) as x) as s0";
    for (int i = 1; i < 8; i++) {
      from = "(select x * x as x from " + from + ") as s" + i;
    }
    assertThat(answer("select x > 0 from " + from)).isEqualTo("22003");
  }
}
