package io.millrace.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Savepoints, read-only transactions, and when an INSERT in a block tells what is wrong with it.
 */
final class TransactionBlocksIT {
  private DemoDatabase database;
  private Connection connection;

  @BeforeEach
  void start() throws Exception {
    database = DemoDatabase.of(10);
    connection = database.connect();
  }

  @AfterEach
  void stop() throws Exception {
    connection.close();
    database.close();
  }

  private void run(String... statements) throws SQLException {
    try (var statement = connection.createStatement()) {
      for (var sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private void refused(String state, String sql) {
    assertThatThrownBy(() -> run(sql))
        .as(sql)
        .isInstanceOfSatisfying(
            SQLException.class, error -> assertThat(error.getSQLState()).isEqualTo(state));
  }

  private List<String> kinds() throws SQLException {
    var kinds = new ArrayList<String>();
    try (var statement = connection.createStatement();
        var results = statement.executeQuery("select kind from events order by kind")) {
      while (results.next()) {
        kinds.add(results.getString(1));
      }
    }
    return kinds;
  }

  private String show(String name) throws SQLException {
    try (var statement = connection.createStatement();
        var results = statement.executeQuery("show " + name)) {
      results.next();
      return results.getString(1);
    }
  }

  private static String insert(String kind) {
    return "insert into events (kind, n) values ('" + kind + "', 1)";
  }

  @Test
  void whatCameBehindASavepointGoesWithIt() throws SQLException {
    run("begin", insert("a"), "savepoint s", insert("b"), "rollback to savepoint s", insert("c"));
    run("commit");
    assertThat(kinds()).containsExactly("a", "c");
  }

  @Test
  void savepointsNestAndNamesAreUsedAgain() throws SQLException {
    run("begin", insert("a"), "savepoint s", insert("b"), "savepoint s", insert("c"));
    run("rollback to s", "release s", insert("d"), "savepoint t", insert("e"));
    run("rollback to \"s\"", insert("f"));
    refused("3B001", "rollback to t");
    run("rollback");
    run("begin", insert("a"), "savepoint s", insert("b"), "savepoint t", insert("c"));
    run("release savepoint s");
    refused("3B001", "release t");
    run("rollback", "begin", insert("x"), "savepoint s", insert("y"), "release s", "commit");
    assertThat(kinds()).containsExactly("x", "y");
  }

  @Test
  void aFailedBlockGoesOnFromItsSavepoint() throws SQLException {
    run("begin", insert("a"), "savepoint s", insert("b"));
    refused("22P02", "select 'x'::int");
    refused("25P02", insert("c"));
    refused("25P02", "savepoint t");
    refused("25P02", "release s");
    refused("3B001", "rollback to nothing");
    run("rollback to s", insert("d"), "commit");
    assertThat(kinds()).containsExactly("a", "d");
  }

  @Test
  void theTableOfABlockIsFreeAgainBehindTheSavepoint() throws SQLException {
    run("begin", "savepoint s", insert("a"), "rollback to s");
    run(insert("b"), "commit");
    assertThat(kinds()).containsExactly("b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"savepoint s", "release s", "rollback to s"})
  void savepointsNeedABlock(String sql) {
    refused("25P01", sql);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "savepoint",
        "release",
        "rollback to",
        "savepoint s t",
        "begin foo",
        "begin read",
        "set transaction",
        "begin isolation level high"
      })
  void halfAStatementIsNone(String sql) {
    refused("42601", sql);
  }

  @Test
  void settingsOfABlockGoWithIt() throws SQLException {
    run("set application_name = 'outside'", "begin", "set application_name = 'inside'");
    run("savepoint s", "set application_name = 'deeper'", "rollback to s");
    assertThat(show("application_name")).isEqualTo("inside");
    run("rollback");
    assertThat(show("application_name")).isEqualTo("outside");
    run("begin", "set local application_name = 'local'");
    assertThat(show("application_name")).isEqualTo("local");
    run("commit");
    assertThat(show("application_name")).isEqualTo("outside");
  }

  @Test
  void aSettingIsTheSameInQuotesAndWithout() throws SQLException {
    run("set application_name = 'outside'", "begin", "select count(*) from users");
    run("set local \"Application_Name\" = 'local'", insert("a"), "commit");
    assertThat(show("application_name")).isEqualTo("outside");
    assertThat(database.openSnapshots()).isZero();
    run("begin", "set local application_name = 'local'", "reset application_name", "commit");
    assertThat(show("application_name")).isEmpty();
    run("set application_name = 'outside'", "begin", "reset all", "rollback");
    assertThat(show("application_name")).isEqualTo("outside");
  }

  @Test
  void aChainBeginsTheNextBlock() throws SQLException {
    run("begin", insert("a"), "commit and chain", insert("b"), "rollback and chain");
    run(insert("c"), "commit and no chain");
    assertThat(kinds()).containsExactly("a", "c");
    run("begin read only", "commit and chain");
    refused("25006", insert("d"));
    run("commit and chain", "rollback");
    for (var sql : List.of("commit and chain", "rollback and chain")) {
      refused("25P01", sql);
    }
    run("begin", insert("e"));
    refused("0A000", "commit prepared 'x'");
    refused("42601", "commit soon");
    run("rollback");
    assertThat(kinds()).containsExactly("a", "c");
  }

  @Test
  void whatABlockKeepsIsLimited() throws Exception {
    try (var small = new DemoDatabase(10, config -> config.withMemory(8 << 20, 16 << 20), null);
        var client = small.connect();
        var insert = client.prepareStatement("insert into events (kind) values (?)")) {
      client.setAutoCommit(false);
      insert.setString(1, "x".repeat(1 << 20));
      for (int round = 0; round < 3; round++) {
        var rows = 0;
        var point = client.setSavepoint();
        try {
          for (; rows < 100; rows++) {
            insert.executeUpdate();
          }
        } catch (SQLException full) {
          assertThat(full.getSQLState()).isEqualTo("53200");
        }
        assertThat(rows).as("round %s", round).isBetween(4, 20);
        client.rollback(point);
        insert.executeUpdate();
        client.rollback();
      }
    }
  }

  @Test
  void aMissingFieldIsToldAtItsStatement() throws SQLException {
    run("begin", insert("a"));
    refused("23502", "insert into events (n) values (1)");
    refused("25P02", "select 1");
    run("rollback", "begin", insert("b"), "savepoint s");
    refused("22023", "insert into events (kind, n) select last_name, 1 from users");
    run("rollback to s", "commit");
    assertThat(kinds()).containsExactly("b");
  }

  @Test
  void aReadOnlyBlockTakesNoInsert() throws SQLException {
    for (var begin :
        List.of(
            "begin read only",
            "start transaction isolation level serializable, read only",
            "begin work isolation level repeatable read read only not deferrable")) {
      run(begin);
      assertThat(show("transaction_read_only")).isEqualTo("on");
      refused("25006", insert("a"));
      run("rollback");
    }
    run("begin", "set transaction read only");
    refused("25006", insert("a"));
    run("rollback", "begin", "set transaction_read_only = on");
    refused("25006", "explain analyze " + insert("a"));
    run("rollback", "begin read only", "set transaction read write", insert("b"), "commit");
    run("begin read only", "select 1");
    refused("25001", "set transaction read write");
    run("rollback", insert("c"));
    assertThat(kinds()).containsExactly("b", "c");
    assertThat(show("transaction_read_only")).isEqualTo("off");
  }

  @Test
  void aReadOnlySessionTakesNoInsert() throws SQLException {
    run("set session characteristics as transaction read only");
    assertThat(show("default_transaction_read_only")).isEqualTo("on");
    refused("25006", insert("a"));
    run("begin read write", insert("b"), "commit");
    run("set default_transaction_read_only = 'no'", insert("c"));
    run("set default_transaction_read_only to true");
    refused("25006", insert("d"));
    refused("22023", "set default_transaction_read_only = 'perhaps'");
    assertThat(kinds()).containsExactly("b", "c");
  }

  @Test
  void theDriversReadOnlyConnectionTakesNoInsert() throws SQLException {
    connection.setAutoCommit(false);
    connection.setReadOnly(true);
    refused("25006", insert("a"));
    connection.rollback();
    connection.setReadOnly(false);
    run(insert("b"));
    var point = connection.setSavepoint();
    run(insert("c"));
    connection.rollback(point);
    connection.commit();
    assertThat(kinds()).containsExactly("b");
  }
}
