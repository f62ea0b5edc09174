package io.millrace.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.state.Lane;
import io.millrace.engine.table.Snapshot;
import io.millrace.sql.run.SnapshotSource;
import java.net.BindException;
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
  private static final String FIND = "select origin from live where id = 7";
  private static final String ENDLESS =
      "select origin from live where id = 1"
          + " and strpos(repeat('a', 20000000), repeat('a', 10000000) || text) > 0";

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

  /** Statements that ask for one key and no more than finds it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "select origin from live where id = 7",
        "select origin, id from live where 7 = id",
        "select l.origin from live l where l.id = 7",
        "select origin from live where id = '7'",
        "select origin from live where id = cast(7 as bigint)",
        "select origin from live where id = 7 and origin <> 'x'",
      })
  void aPlainKeyGetIsReadLive(String sql) throws Exception {
    try (var connection = connect()) {
      Awaitility.await().until(() -> first(connection, sql).equals("live"));
      var before = cuts.get();
      assertThat(first(connection, sql)).isEqualTo("live");
      assertThat(cuts).hasValue(before);
    }
  }

  /** What they compute may take any time, so it must run where it can be ended. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "select origin from live where id = 7 and text ~ 'b|!$'",
        "select origin from live where id = 7 and text like '%a%_!'",
        "select origin from live where id = 7 and md5(text) <> ''",
        "select origin from live where id = 7 and 'a' ~ 'a'",
        "select origin from live where id = length(repeat('x', 7))",
        "select origin from live where id = 7.0",
        "select origin from live where id = 7 and origin = lower('CUT')",
        "select origin || '' from live where id = 7",
      })
  void aKeyGetThatComputesIsLeftToAWorker(String sql) throws Exception {
    try (var connection = connect()) {
      planned(connection);
      for (int time = 0; time < 4; time++) {
        first(connection, "select 1");
        var holds = lane().holds();
        assertThat(first(connection, sql)).isEqualTo("cut");
        assertThat(lane().holds()).isEqualTo(holds);
      }
    }
  }

  private static String stateOf(Connection connection, String sql) {
    try {
      return first(connection, sql);
    } catch (SQLException error) {
      return error.getSQLState();
    }
  }

  @Test
  void aKeyGetWithAnEndlessConditionEndsAtItsTimeoutAndNobodyWaitsForIt() throws Exception {
    try (var connection = connect();
        var other = connect()) {
      planned(other);
      connection.setNetworkTimeout(Runnable::run, 20_000);
      first(connection, "show millrace.after");
      try (var statement = connection.createStatement()) {
        statement.execute("set statement_timeout = 300");
      }
      for (int time = 0; time < 3; time++) {
        var endless = CompletableFuture.supplyAsync(() -> stateOf(connection, ENDLESS));
        assertThat(origin(other, 3)).isIn("live", "cut");
        assertThat(endless.get(30, TimeUnit.SECONDS)).isEqualTo("57014");
      }
      planned(connection);
    }
  }

  @Test
  void aKeyGetWithAnEndlessConditionCanBeCancelled() throws Exception {
    try (var connection = connect();
        var statement = connection.createStatement()) {
      connection.setNetworkTimeout(Runnable::run, 20_000);
      statement.execute("set statement_timeout = 0");
      for (int time = 0; time < 2; time++) {
        var before = cuts.get();
        var endless =
            CompletableFuture.supplyAsync(() -> {
              try (var rows = statement.executeQuery(ENDLESS)) {
                return "ended";
              } catch (SQLException error) {
                return error.getSQLState();
              }
            });
        Awaitility.await().until(() -> cuts.get() > before);
        Awaitility.await()
            .until(() -> {
              statement.cancel();
              return endless.isDone();
            });
        assertThat(endless.get()).isEqualTo("57014");
      }
      planned(connection);
    }
  }

  @Test
  void theErrorOfAKeyGetLeavesOnlyWhenWhatItReadIsReleased() throws Exception {
    try (var connection = connect()) {
      planned(connection);
      table.broken();
      lane().position(10);
      lane().release(9);
      var answer = CompletableFuture.supplyAsync(() -> stateOf(connection, FIND));
      Awaitility.await().until(() -> lane().waits() == 1);
      assertThat(answer).isNotDone();

      lane().release(10);
      assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo("XX000");
    }
  }

  @Test
  void aKeyThatCannotBeLoadedIsReadFromACut() throws Exception {
    try (var connection = connect()) {
      connection.setNetworkTimeout(Runnable::run, 20_000);
      planned(connection);
      table.missing(1);
      lane().refuseLoads();
      assertThat(origin(connection, 7)).isEqualTo("cut");
      planned(connection);
    }
  }

  @Test
  void aJournalThatCannotBeWrittenEndsInAnErrorNotInSilence() throws Exception {
    try (var connection = connect()) {
      connection.setNetworkTimeout(Runnable::run, 20_000);
      planned(connection);
      lane().position(10);
      lane().release(9);
      lane().failWrites();
      assertThat(stateOf(connection, FIND)).isEqualTo("XX000");
    }
    Awaitility.await().until(() -> server.connections() == 0);
  }

  @Test
  void aNameThatIsNoHostIsRefusedAndDoesNotMeanEverywhere() {
    assertThatThrownBy(() ->
            SqlServer.start(
                SqlConfig.of("[nowhere", 0, null),
                List::of,
                after -> new FixedSnapshot(CUT, () -> {})))
        .isInstanceOf(BindException.class)
        .hasMessageContaining("[nowhere")
        .hasMessageContaining("unknown host");
  }
}
