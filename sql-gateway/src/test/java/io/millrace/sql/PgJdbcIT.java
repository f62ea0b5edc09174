package io.millrace.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.util.PSQLException;

/** The door as the stock PostgreSQL JDBC driver sees it. */
final class PgJdbcIT {
  private static DemoDatabase database;

  @BeforeAll
  static void start() throws Exception {
    database = DemoDatabase.of(20_000);
  }

  @AfterAll
  static void stop() {
    assertThat(database.openSnapshots()).isZero();
    database.close();
  }

  private static List<List<Object>> rows(ResultSet results) throws SQLException {
    var rows = new ArrayList<List<Object>>();
    var width = results.getMetaData().getColumnCount();
    while (results.next()) {
      var row = new ArrayList<>();
      for (int i = 1; i <= width; i++) {
        row.add(results.getObject(i));
      }
      rows.add(row);
    }
    return rows;
  }

  private static List<List<Object>> query(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var results = statement.executeQuery(sql)) {
      return rows(results);
    }
  }

  @ParameterizedTest
  @CsvSource({"extended,0", "extended,1", "simple,0"})
  void arraysComeBackAsArrays(String mode, String threshold) throws Exception {
    try (var connection = database.connect("preferQueryMode", mode, "prepareThreshold", threshold);
        var statement =
            connection.prepareStatement(
                "select array[1, null, 3], array['a b', 'c\"'], array[true, false], array[1.5,"
                    + " 2.5]")) {
      for (int i = 0; i < 3; i++) {
        try (var results = statement.executeQuery()) {
          results.next();
          assertThat(results.getMetaData().getColumnTypeName(1)).isEqualTo("_int4");
          assertThat(results.getArray(1).getBaseTypeName()).isEqualTo("int4");
          assertThat((Object[]) results.getArray(1).getArray()).containsExactly(1, null, 3);
          assertThat((Object[]) results.getArray(2).getArray()).containsExactly("a b", "c\"");
          assertThat((Object[]) results.getArray(3).getArray()).containsExactly(true, false);
          assertThat((Object[]) results.getArray(4).getArray())
              .containsExactly(new BigDecimal("1.5"), new BigDecimal("2.5"));
        }
      }
    }
  }

  @Test
  void theDriverFindsTypesByName() throws Exception {
    try (var connection = database.connect()) {
      var unknown = new org.postgresql.util.PGobject();
      unknown.setType("nosuchtype");
      unknown.setValue("x");
      try (var statement = connection.prepareStatement("select ?")) {
        assertThatThrownBy(() -> statement.setObject(1, unknown))
            .hasMessageContaining("Unknown type nosuchtype");
      }
      assertThatThrownBy(() -> connection.createArrayOf("nosuchtype", new Object[] {1}))
          .hasMessageContaining("Unable to find server array type");
      try (var types = connection.getMetaData().getTypeInfo()) {
        var names = new ArrayList<String>();
        while (types.next()) {
          names.add(types.getString("TYPE_NAME"));
        }
        assertThat(names).contains("int4", "text", "uuid", "_int4");
      }
      try (var keys = connection.getMetaData().getImportedKeys(null, null, "orders")) {
        assertThat(keys.next()).isFalse();
      }
      assertThat(query(connection, "select * from generate_series(2, 4) as s(r)"))
          .isEqualTo(List.of(List.of(2), List.of(3), List.of(4)));
      assertThat(query(connection, "select current_schemas(false), current_schemas(true)"))
          .isEqualTo(List.of(List.of("{public}", "{pg_catalog,public}")));
    }
  }

  @ParameterizedTest
  @CsvSource({"extended,false", "extended,true", "simple,false"})
  void everyTypeComesBackAsItWent(String mode, boolean binary) throws Exception {
    try (var connection =
            database.connect("preferQueryMode", mode, "prepareThreshold", binary ? "-1" : "5");
        var insert =
            connection.prepareStatement(
                "insert into events (kind, n, body, raw) values (?, ?, ?, ?)")) {
      database.events().rows().clear();
      insert.setString(1, "it's ünï 😀");
      insert.setInt(2, -5);
      insert.setString(3, "{\"a\": [1, 2]}");
      insert.setBytes(4, new byte[] {0, 1, -1});
      assertThat(insert.executeUpdate()).isEqualTo(1);
      try (var select =
          connection.prepareStatement("select kind, n, body, raw from events where n = ?")) {
        select.setInt(1, -5);
        try (var results = select.executeQuery()) {
          assertThat(results.next()).isTrue();
          assertThat(results.getString(1)).isEqualTo("it's ünï 😀");
          assertThat(results.getInt(2)).isEqualTo(-5);
          assertThat(results.getString(3)).isEqualTo("{\"a\": [1, 2]}");
          assertThat(results.getMetaData().getColumnTypeName(3)).isEqualTo("jsonb");
          assertThat(results.getBytes(4)).containsExactly(0, 1, -1);
        }
      }
    }
  }

  @Test
  void numbersTextAndMomentsHavePostgresTypes() throws Exception {
    try (var connection = database.connect();
        var statement =
            connection.prepareStatement(
                "select id, age, balance, active, last_modified, city, avg(age) over () as mean,"
                    + " ?::numeric from users where id = 3")) {
      statement.setBigDecimal(1, new BigDecimal("12345.678900"));
      for (int round = 0; round < 7; round++) {
        try (var results = statement.executeQuery()) {
          assertThat(results.next()).isTrue();
          var expected = database.users().rows().get(3);
          assertThat(results.getObject(1)).isEqualTo(3L);
          assertThat(results.getObject(2)).isEqualTo(expected[4]);
          assertThat(results.getObject(3)).isEqualTo(expected[5]);
          assertThat(results.getObject(4)).isEqualTo(expected[6]);
          assertThat(results.getTimestamp(5)).isEqualTo(new Timestamp((Long) expected[7]));
          assertThat(results.getString(6)).isEqualTo(expected[3]);
          assertThat(results.getBigDecimal(8)).isEqualByComparingTo("12345.6789");
          assertThat(results.getMetaData().getColumnType(5)).isEqualTo(Types.TIMESTAMP);
          assertThat(results.getMetaData().getColumnTypeName(5)).isEqualTo("timestamptz");
        }
      }
    }
  }

  @Test
  void aPreparedKeyGetFindsEachRowAlsoInBinary() throws Exception {
    try (var connection = database.connect();
        var get = connection.prepareStatement("select id, first_name from users where id = ?")) {
      for (long id = 0; id < 200; id++) {
        get.setLong(1, id);
        try (var results = get.executeQuery()) {
          assertThat(rows(results))
              .containsExactly(List.of(id, database.users().rows().get((int) id)[1]));
        }
      }
      get.setLong(1, 1_000_000);
      try (var results = get.executeQuery()) {
        assertThat(results.next()).isFalse();
      }
    }
    assertThat(database.server().metrics().keyGets()).isGreaterThanOrEqualTo(200);
  }

  @Test
  void adHocTextWithAnotherLiteralUsesTheSamePlan() throws Exception {
    try (var connection = database.connect("preferQueryMode", "simple")) {
      query(connection, "select city from users where id = 1");
      var before = database.server().plans().misses();
      for (int id = 2; id < 50; id++) {
        assertThat(query(connection, "select city from users where id = " + id)).hasSize(1);
      }
      assertThat(database.server().plans().misses()).isEqualTo(before);
    }
  }

  @Test
  void aFetchSizeReadsThroughAPortal() throws Exception {
    try (var connection = database.connect()) {
      connection.setAutoCommit(false);
      try (var statement = connection.prepareStatement("select id from users order by id")) {
        statement.setFetchSize(333);
        try (var results = statement.executeQuery()) {
          long expected = 0;
          while (results.next()) {
            assertThat(results.getLong(1)).isEqualTo(expected++);
          }
          assertThat(expected).isEqualTo(20_000);
        }
      }
      connection.commit();
    }
  }

  @Test
  void insertsOfATransactionAppearAtItsCommitOnly() throws Exception {
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      database.events().rows().clear();
      connection.setAutoCommit(false);
      statement.executeUpdate("insert into events (kind, n) values ('a', 1)");
      assertThat(database.events().rows()).isEmpty();
      connection.rollback();
      assertThat(database.events().rows()).isEmpty();
      statement.executeUpdate("insert into events (kind, n) values ('b', 2), ('c', null)");
      connection.commit();
      assertThat(database.events().rows()).hasSize(2);
    }
  }

  @Test
  void derivedStateRefusesChangesWithAHint() throws Exception {
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      assertThatThrownBy(() -> statement.executeUpdate("update users set age = 1"))
          .isInstanceOfSatisfying(
              PSQLException.class,
              refused -> {
                assertThat(refused.getSQLState()).isEqualTo("0A000");
                assertThat(refused.getServerErrorMessage().getHint()).contains("INSERT INTO");
              });
      assertThatThrownBy(() -> statement.executeUpdate("insert into orders values (1, 1, 1.0)"))
          .hasMessageContaining("cannot insert into \"orders\"");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "select id, frm x users | 42601 | 18 | ",
        "select 1 + | 42601 | 11 | ",
        "select * from userz | 42P01 | 15 | users",
        "select * from demo.user | 42P01 | 15 | demo.users",
        "select frist_name from users | 42703 | 8 | first_name",
        "select u.agee from users u | 42703 | 10 | age",
        "select nosuch(1) | 42883 | 8 | ",
        "select city, count(*) from users | 42803 | 8 | ",
        "select 1/0 | 22012 | 0 | ",
        "select 'x'::int | 22P02 | 0 | ",
        "select 2147483647 + 1 from users | 22003 | 0 | ",
        "select * from users where id = 'x' | 22P02 | 0 | ",
        "select (select id from users) | 21000 | 0 | ",
        "copy users to stdout | 0A000 | 0 | ",
        "frobnicate | 42601 | 1 | ",
        "show nosuchsetting | 42704 | 0 | ",
        "select 'a' ~ '(' | 2201B | 0 | "
      })
  void errorsCarryStatePositionAndHint(String sql, String state, int position, String hint)
      throws Exception {
    try (var connection = database.connect()) {
      assertThatThrownBy(() -> query(connection, sql))
          .isInstanceOfSatisfying(
              PSQLException.class,
              error -> {
                assertThat(error.getSQLState()).as(error.getMessage()).isEqualTo(state);
                var message = error.getServerErrorMessage();
                assertThat(message.getPosition()).as(error.getMessage()).isEqualTo(position);
                if (hint != null) {
                  assertThat(message.getHint()).contains("\"" + hint + "\"");
                }
              });
      assertThat(query(connection, "select 1")).containsExactly(List.of(1));
    }
  }

  @Test
  void aFailedTransactionRefusesAllButRollback() throws Exception {
    try (var connection = database.connect()) {
      connection.setAutoCommit(false);
      assertThatThrownBy(() -> query(connection, "select nosuch from users"))
          .isInstanceOf(SQLException.class);
      assertThatThrownBy(() -> query(connection, "select 1"))
          .isInstanceOfSatisfying(
              SQLException.class, error -> assertThat(error.getSQLState()).isEqualTo("25P02"));
      connection.rollback();
      assertThat(query(connection, "select 1")).hasSize(1);
    }
  }

  @Test
  void cancelEndsARunawayJoin() throws Exception {
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      var started = database.server().metrics().statements();
      var running =
          CompletableFuture.supplyAsync(() -> {
            try {
              statement.executeQuery(
                  "select count(*) from users a, users b, users c where a.age + b.age > c.age");
              return "finished";
            } catch (SQLException error) {
              return error.getSQLState();
            }
          });
      Awaitility.await().until(() -> database.server().metrics().statements() > started);
      statement.cancel();
      assertThat(running.get()).isEqualTo("57014");
      assertThat(query(connection, "select 1")).hasSize(1);
    }
  }

  @Test
  void theStatementTimeoutEndsARunawayJoin() throws Exception {
    try (var connection = database.connect()) {
      query(connection, "select 1");
      try (var statement = connection.createStatement()) {
        statement.execute("set statement_timeout = '150ms'");
      }
      assertThatThrownBy(() -> query(connection, "select count(*) from users a, users b, users c"))
          .isInstanceOfSatisfying(
              SQLException.class,
              error -> {
                assertThat(error.getSQLState()).isEqualTo("57014");
                assertThat(error.getMessage()).contains("statement timeout");
              });
    }
  }

  @Test
  void theDriversCatalogueQueriesAreAnswered() throws Exception {
    try (var connection = database.connect()) {
      var metadata = connection.getMetaData();
      assertThat(metadata.getDatabaseProductName()).isEqualTo("PostgreSQL");
      try (var tables = metadata.getTables(null, "demo", "%", new String[] {"TABLE"})) {
        var names = new ArrayList<String>();
        while (tables.next()) {
          names.add(tables.getString("TABLE_SCHEM") + "." + tables.getString("TABLE_NAME"));
        }
        assertThat(names).containsExactly("demo.events", "demo.orders", "demo.users");
      }
      try (var columns = metadata.getColumns(null, "demo", "users", "%")) {
        var names = new ArrayList<String>();
        while (columns.next()) {
          names.add(
              columns.getString("COLUMN_NAME")
                  + " "
                  + columns.getString("TYPE_NAME")
                  + " "
                  + columns.getInt("ORDINAL_POSITION"));
        }
        assertThat(names)
            .startsWith("id int8 1", "first_name text 2")
            .endsWith("active bool 7", "last_modified timestamptz 8");
      }
      try (var keys = metadata.getPrimaryKeys(null, "demo", "orders")) {
        var names = new ArrayList<String>();
        while (keys.next()) {
          names.add(keys.getString("COLUMN_NAME") + " " + keys.getInt("KEY_SEQ"));
        }
        assertThat(names).containsExactlyInAnyOrder("user_id 1", "line 2");
      }
      try (var schemas = metadata.getSchemas()) {
        var names = new ArrayList<String>();
        while (schemas.next()) {
          names.add(schemas.getString(1));
        }
        assertThat(names).contains("demo", "pg_catalog", "information_schema");
      }
    }
  }

  @Test
  void settingsAreShownSetAndReset() throws Exception {
    try (var connection = database.connect("ApplicationName", "tests");
        var statement = connection.createStatement()) {
      assertThat(query(connection, "show application_name")).containsExactly(List.of("tests"));
      statement.execute("set millrace.after = 'mr1.x'");
      query(connection, "select count(*) from users");
      assertThat(database.lastToken()).isEqualTo("mr1.x");
      assertThat(query(connection, "show millrace.position")).containsExactly(List.of("42"));
      statement.execute("reset millrace.after");
      statement.execute("set time zone 'Europe/Madrid'");
      assertThat(query(connection, "show timezone")).containsExactly(List.of("Europe/Madrid"));
      statement.execute("discard all");
      assertThat(query(connection, "show timezone")).containsExactly(List.of("UTC"));
    }
  }

  @Test
  void explainSaysWhatWillBeReadAndWhatWas() throws Exception {
    try (var connection = database.connect()) {
      assertThat(query(connection, "explain select * from users where id = 5").toString())
          .contains("Key get on demo.users", "Fallback operators: 0");
      assertThat(
              query(
                      connection,
                      "explain analyze select city, count(*) from users where age > 30"
                          + " group by city order by 2 desc limit 3")
                  .toString())
          .contains("Top rows by", "Group by city", "Full scan of demo.users", "rows=3, time=")
          .contains("Fallback operators: 0", "Journal position: 42");
      assertThat(
              query(
                      connection,
                      "explain select rank() over (partition by city order by id) from users")
                  .toString())
          .contains("Fallback (Enumerable)", "Fallback operators: 1");
    }
  }
}
