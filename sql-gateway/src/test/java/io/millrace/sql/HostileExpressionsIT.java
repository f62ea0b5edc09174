package io.millrace.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Expressions made to take for ever: each ends by itself or when it is asked to. */
final class HostileExpressionsIT {
  private static DemoDatabase database;

  @BeforeAll
  static void start() throws Exception {
    database = new DemoDatabase(2000, config -> config.withMemory(64 << 20, 256 << 20), null);
    // Code that runs for the first time is slow.
    answer("select 'a' similar to 'b', rank() over (order by id) from users");
  }

  @AfterAll
  static void stop() {
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

  /** Runs a statement until it ends or is canceled, both within a second of the cancel. */
  private static void endsByCancel(String sql) throws Exception {
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      var done = CompletableFuture.supplyAsync(() -> execute(statement, sql));
      try {
        done.get(700, TimeUnit.MILLISECONDS);
        return;
      } catch (java.util.concurrent.TimeoutException running) {
        assertThat(answer("select 1")).as("others while it runs").isEqualTo("1");
      }
      long began = System.nanoTime();
      statement.cancel();
      var state = done.get(60, TimeUnit.SECONDS);
      var ms = millisSince(began);
      assertThat(ms).as("%s ended with %s", sql, state).isLessThan(1_000 + 20 * millisOfAnother());
    }
  }

  private static long millisSince(long began) {
    return (System.nanoTime() - began) / 1_000_000;
  }

  /**
   * How long a statement takes that is new and does nothing: on a machine with other work, long.
   */
  private static long millisOfAnother() throws SQLException {
    long began = System.nanoTime();
    assertThat(answer("select " + began + " + 1 as new_" + began)).isEqualTo("" + (began + 1));
    return millisSince(began);
  }

  private static String execute(Statement statement, String sql) {
    try {
      statement.execute(sql);
      return "ended";
    } catch (SQLException error) {
      return String.valueOf(error.getSQLState());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select repeat('a',40)||'!' similar to '((a+)+)+'",
        "select count(*) from users where repeat('a',40)||city similar to '((a+)+)+'",
        "select row_number() over (order by id) from users"
            + " where repeat('a',40)||city similar to '((a+)+)+'",
        "select repeat('a',40)||'!' similar to '((a+)+)+', rank() over (order by id) from users",
        "select repeat('a',60)||'!' ~ '^((a+)+)+$'",
        "select repeat('a',60)||'!' ~* '^((a+)+)+$', rank() over (order by id) from users",
        "select repeat('a',50000)||'!' ~ '(a|b|ab)*c'",
        "select repeat('a',20000000) ~ '(.*a){200}b'",
        "select repeat('a',20000000) similar to '(%a){200}b'",
        "select regexp_replace(repeat('a',40)||'!', '((a+)+)+$', 'x')",
        "select regexp_replace(repeat('ab',5000000), 'a', 'xyz', 'g')",
        "select regexp_like(repeat('a',40)||'!', '^((a+)+)+$')",
        "select repeat('a',20000)||'!' like '%a%a%a%a%a%a%a%a%a%ab'",
        "select repeat('a',20000)||'!' like '%a%a%a%a%a%a%a%a%a%ab', rank() over (order by id)"
            + " from users",
        "select repeat('a',20000)||'!' ilike '%a%a%a%a%a%a%a%a%a%ab', rank() over (order by id)"
            + " from users",
        "select translate(repeat('a',20000000), repeat('b',100000)||'a', repeat('c',100001))",
        // Its length only: the client keeps its rows in the heap of this test.
        "select length(translate(repeat('a',20000000), repeat('b',100000)||'a',"
            + " repeat('c',100001))), rank() over (order by id) from users",
        "select position(repeat('a',1000000)||'b' in repeat('a',20000000))",
        "select json_value('{\"a\":\"' || repeat('a',40) || '!\"}', 'lax $[?(@.a =~ /(a+)+$/)]')",
        "select json_exists(repeat('[',400)||repeat(']',400), 'lax $..*..*..*..*..b')",
        "select json_query(repeat('[',400)||repeat(']',400), 'lax $..*..*..*..*..b')",
        "select power(10, 100000) * power(10, 100000)",
        "select count(*) from users a, users b, users c, users d where a.id+b.id+c.id+d.id=-1",
        "select count(*) from (select rank() over (order by a.id) r from users a, users b,"
            + " users c, users d) as x",
        "select sum(x.r) from (select row_number() over (partition by a.id+b.id order by c.id) r"
            + " from users a, users b, users c) as x",
        "select count(*) from users a left join users b on a.id > b.id full join users c"
            + " on b.id > c.id full join users d on c.id < d.id",
        "with recursive t(n) as (values (1) union all select n+1 from t) select count(*) from t",
        "select length(lpad('x', 20000000, 'yz'))",
        "select to_char(now(), repeat('Y', 1000000))",
        "select count(*) from users a, users b where to_char(a.last_modified, repeat('Y',10000))"
            + " = b.city",
        "select md5(repeat('x', 20000000)), upper(repeat('x', 20000000))",
        "select overlay(repeat('a', 30000000) placing repeat('b', 30000000) from 5)",
        "select initcap(repeat('a ', 20000000))",
        "select listagg(repeat('a', 1000), ',') from users a, users b",
        "select string_to_array(repeat('a,', 10000000), ',')",
      })
  void itEndsByCancelWhileOthersAreAnswered(String sql) throws Exception {
    endsByCancel(sql);
  }

  @Test
  void fourOfThemAtOnceDoNotEndTheDoor() throws Exception {
    var sessions = new ArrayList<Connection>();
    var running = new ArrayList<CompletableFuture<String>>();
    for (int i = 0; i < 6; i++) {
      var connection = database.connect();
      var statement = connection.createStatement();
      sessions.add(connection);
      running.add(
          CompletableFuture.supplyAsync(
              () -> execute(statement, "select repeat('a',40)||'!' similar to '((a+)+)+'")));
    }
    for (var one : running) {
      assertThat(one.get(20, TimeUnit.SECONDS)).isEqualTo("ended");
    }
    assertThat(answer("select count(*) from users")).isEqualTo("2000");
    for (var session : sessions) {
      session.close();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Answers of PostgreSQL 17.
        "select 'abc' similar to 'a%' => t",
        "select 'abc' similar to 'a' => f",
        "select 'abc' similar to '(a|b)_c' => t",
        "select 'a.c' similar to 'a.c' => t",
        "select 'abc' similar to 'a.c' => f",
        "select 'a%c' similar to 'a\\%c' => t",
        "select 'axc' similar to 'a\\%c' => f",
        "select 'a%c' similar to 'a!%c' escape '!' => t",
        "select 'abc' not similar to '%(b|d)%' => f",
        "select 'x' || chr(10) || 'y' similar to 'x%y' => t",
        "select '^a$' similar to '^a$' => t",
        "select 'aaa' similar to 'a{2,3}' => t",
        "select 'aaaa' similar to 'a{2,3}' => f",
        "select 'b2' similar to '[a-c][[:digit:]]' => t",
        "select 'foobar' ~ 'o.b' => t",
        "select 'x' || chr(10) || 'y' ~ 'x.y' => t",
        "select 'x' || chr(10) ~ 'x$' => f",
        "select 'ABC' ~* 'abc' => t",
        "select 'ABC' ~ '(?i)abc' => t",
        "select 'ABC' !~ 'abc' => t",
        "select 'a1' ~ '^[[:alpha:]]\\d$' => t",
        "select 'foo bar' ~ '\\ybar\\y' => t",
        "select 'a{b' ~ 'a{b' => t",
        "select 'a+b' ~ '***=a+b' => t",
        "select 'a]b' ~ 'a[]]b' => t",
        "select 'aa' ~ '(a)\\1' => 0A000",
        "select 'ab' ~ 'a(?=b)' => 0A000",
        "select 'ab' ~ 'a(' => 2201B",
        "select 'ab' ~ 'a{300}' => 2201B",
        "select 'ab' ~ 'a\\q' => 2201B",
        "select 'ab' ~ repeat('(a{255}){255}', 100) => 54000",
        "select regexp_replace('foobarbaz', 'b..', 'X') => fooXbaz",
        "select regexp_replace('foobarbaz', 'b..', 'X', 'g') => fooXX",
        "select regexp_replace('foobarbaz', 'b(..)', 'X\\1Y', 'g') => fooXarYXazY",
        "select regexp_replace('Hello', 'l', '[\\&]', 'g') => He[l][l]o",
        "select regexp_like('Hello', 'hello', 'i') => t",
        "select regexp_like('Hello', 'hello') => f",
        "select translate('12345', '143', 'ax') => a2x5",
        "select json_value('{\"a\":{\"b\":7}}', 'lax $.a.b') => 7",
      })
  void patternsAnswerAsPostgresDoes(String sqlAndAnswer) throws Exception {
    var parts = sqlAndAnswer.split(" => ", -1);
    assertThat(answer(parts[0])).isEqualTo(parts[1]);
  }

  @Test
  void allStatesOfTheDoorAreReleased() {
    assertThat(List.of(database.openSnapshots())).containsExactly(0);
  }
}
