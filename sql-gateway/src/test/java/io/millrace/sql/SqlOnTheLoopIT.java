package io.millrace.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.query.Snapshot;
import io.millrace.engine.state.Lane;
import io.millrace.sql.run.SnapshotSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the event loop answers itself, and what it must not. */
final class SqlOnTheLoopIT {
  static final long CUT = 42;

  private final LiveTable table = new LiveTable();
  private final AtomicInteger cuts = new AtomicInteger();
  private final AtomicInteger openCuts = new AtomicInteger();
  private volatile @Nullable TestLane lane;
  private volatile @Nullable String token;
  private SqlServer server;

  @BeforeEach
  void start() throws Exception {
    server =
        SqlServer.start(
            SqlConfig.of("127.0.0.1", 0, null),
            () -> List.of(table),
            new SnapshotSource() {
              @Override
              public Snapshot open(@Nullable String afterToken) {
                token = afterToken;
                cuts.incrementAndGet();
                openCuts.incrementAndGet();
                return new FixedSnapshot(CUT, openCuts::decrementAndGet);
              }

              @Override
              public Lane lane(Executor loop) {
                var made = new TestLane(loop);
                lane = made;
                return made;
              }
            });
  }

  @AfterEach
  void stop() {
    server.close();
    assertThat(openCuts).hasValue(0);
    assertThat(lane().open()).isZero();
  }

  private TestLane lane() {
    return Objects.requireNonNull(lane);
  }

  private Connection connect(String mode) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + server.port() + "/m?preferQueryMode=" + mode, "m", "");
  }

  private Connection connect() throws SQLException {
    return connect("extended");
  }

  private static String first(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getString(1) : "none";
    }
  }

  private static String origin(Connection connection, long id) throws SQLException {
    return first(connection, "select origin from live where id = " + id);
  }

  private static CompletableFuture<String> asking(Connection connection, long id) {
    return CompletableFuture.supplyAsync(() -> {
      try {
        return origin(connection, id);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    });
  }

  /**
   * The first statement of a shape is planned by a worker, which reads a cut, and so does the next
   * one if it comes before the worker has gone. From then on the event loop answers.
   */
  private static void planned(Connection connection) {
    Awaitility.await().until(() -> origin(connection, 1).equals("live"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"extended", "simple"})
  void aKeyGetWhosePlanIsKnownNeedsNeitherWorkerNorCut(String mode) throws Exception {
    try (var connection = connect(mode)) {
      planned(connection);
      var before = cuts.get();
      var holds = lane().holds();
      for (long id = 0; id < 20; id++) {
        assertThat(origin(connection, id)).isEqualTo("live");
      }
      assertThat(origin(connection, 1000)).isEqualTo("none");
      assertThat(lane().holds() - holds).isEqualTo(21);
      assertThat(cuts).hasValue(before);
    }
  }

  @Test
  void aPreparedKeyGetIsReadLiveInTextAndInBinary() throws Exception {
    try (var connection = connect();
        var get = connection.prepareStatement("select id, origin from live where id = ?")) {
      get.setLong(1, 1);
      Awaitility.await()
          .until(() -> {
            try (var rows = get.executeQuery()) {
              return rows.next() && rows.getString(2).equals("live");
            }
          });
      for (long id = 0; id < 20; id++) {
        get.setLong(1, id);
        try (var rows = get.executeQuery()) {
          assertThat(rows.next()).isTrue();
          assertThat(rows.getLong(1)).isEqualTo(id);
          assertThat(rows.getString(2)).isEqualTo("live");
          assertThat(rows.next()).isFalse();
        }
      }
    }
  }

  @Test
  void whatHasBeenReadLeavesOnlyWhenItsPositionIsReleased() throws Exception {
    try (var connection = connect();
        var other = connect()) {
      planned(connection);
      lane().position(10);
      lane().release(9);
      var answer = asking(connection, 7);
      Awaitility.await().until(() -> lane().waits() == 1);
      // The event loop goes on meanwhile, also with work of a connection's own.
      assertThat(first(other, "show millrace.after")).isEmpty();
      assertThat(answer).isNotDone();

      lane().release(10);
      assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo("live");
      assertThat(first(connection, "show millrace.position")).isEqualTo("42");
    }
  }

  @Test
  void aScanBehindAKeyGetDoesNotCarryItsRowOutTooEarly() throws Exception {
    try (var connection = connect()) {
      planned(connection);
      first(connection, "select count(*) from live");
      planned(connection);
      lane().position(10);
      lane().release(9);
      // One message for both statements of the driver: the second needs a worker.
      var both =
          CompletableFuture.supplyAsync(() -> {
            try (var statement = connection.createStatement()) {
              statement.execute("select origin from live where id = 3; select count(*) from live");
              statement.getMoreResults();
              try (var rows = statement.getResultSet()) {
                return rows.next() ? rows.getString(1) : "none";
              }
            } catch (SQLException e) {
              throw new IllegalStateException(e);
            }
          });
      Awaitility.await().until(() -> lane().waits() == 1);
      assertThat(both).isNotDone();

      lane().release(10);
      assertThat(both.get(10, TimeUnit.SECONDS)).isEqualTo("100");
    }
  }

  @Test
  void aKeyOnDiskIsLoadedElsewhereAndTheLoopGoesOn() throws Exception {
    try (var connection = connect();
        var other = connect()) {
      planned(connection);
      table.missing(2);
      var answer = asking(connection, 7);
      Awaitility.await().until(() -> lane().loadsWaiting() == 1);
      assertThat(lane().open()).isZero();
      assertThat(first(other, "show millrace.after")).isEmpty();
      assertThat(answer).isNotDone();

      lane().loaded();
      Awaitility.await().until(() -> lane().loadsWaiting() == 1);
      lane().loaded();
      assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo("live");
    }
  }

  @Test
  void aKeyThatNeverStaysInMemoryIsReadFromACut() throws Exception {
    try (var connection = connect()) {
      planned(connection);
      table.missing(Integer.MAX_VALUE);
      var answer = asking(connection, 7);
      for (int miss = 0; miss <= Lane.MOST_MISSES; miss++) {
        Awaitility.await().until(() -> lane().loadsWaiting() == 1);
        lane().loaded();
      }
      assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo("cut");
    }
  }

  @Test
  void aClientThatLeavesWhileItsAnswerWaitsLeavesNothingBehind() throws Exception {
    var connection = connect();
    planned(connection);
    lane().position(10);
    var answer = asking(connection, 7);
    Awaitility.await().until(() -> lane().waits() == 1);
    connection.abort(Runnable::run);
    assertThat(answer).failsWithin(10, TimeUnit.SECONDS);
    Awaitility.await().until(() -> server.connections() == 0);
    lane().release(10);
    try (var next = connect()) {
      planned(next);
    }
  }

  @Test
  void aTransactionReadsItsOneCut() throws Exception {
    try (var connection = connect()) {
      planned(connection);
      var before = cuts.get();
      var holds = lane().holds();
      connection.setAutoCommit(false);
      assertThat(origin(connection, 1)).isEqualTo("cut");
      assertThat(origin(connection, 2)).isEqualTo("cut");
      connection.commit();
      assertThat(cuts.get() - before).isOne();
      assertThat(lane().holds()).isEqualTo(holds);
      connection.setAutoCommit(true);
      planned(connection);
    }
  }

  @Test
  void aTokenIsWaitedForByAWorker() throws Exception {
    try (var connection = connect()) {
      planned(connection);
      first(connection, "select 1");
      try (var statement = connection.createStatement()) {
        statement.execute("set millrace.after = 'mr1.x.1.0:1'");
      }
      assertThat(origin(connection, 1)).isEqualTo("cut");
      assertThat(token).isEqualTo("mr1.x.1.0:1");
    }
  }
}
