package io.millrace.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.engine.Seeds;
import io.millrace.engine.table.Column;
import io.millrace.engine.table.ColumnType;
import io.millrace.engine.table.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same rows here and in a real PostgreSQL, the same statements to both: comparisons, arrays,
 * literals of every size, and the logic of nulls. Each statement is asked in several forms one
 * after the other, so that a plan made for one literal meets another.
 */
@SuppressWarnings("NullAway") // cells of rows may be null
final class BesidePostgresPropertyTest {
  private static final int ROWS = 60;
  private static final int STATEMENTS = 1_200;

  private static final List<Column> COLUMNS =
      List.of(
          new Column("id", ColumnType.LONG, false),
          new Column("small", ColumnType.INT, true),
          new Column("name", ColumnType.TEXT, true),
          new Column("amount", ColumnType.DOUBLE, true),
          new Column("flag", ColumnType.BOOLEAN, true),
          new Column("big", ColumnType.LONG, true));

  private static @Nullable Path directory;
  private static @Nullable PostgresPeer peer;
  private static Connection theirs;
  private static Connection ours;
  private static SqlServer server;

  @BeforeAll
  static void start() throws Exception {
    var programs = PostgresPeer.programs();
    assumeTrue(programs.isPresent(), "needs a PostgreSQL server (Debian: postgresql)");
    directory = Files.createTempDirectory("beside-postgres");
    peer = PostgresPeer.start(programs.get(), directory);
    theirs = peer.connect();
    var rows = rows(new SplittableRandom(11));
    List<Table> tables = List.of(new MemoryTable("demo", "t", COLUMNS, List.of(0), rows));
    server =
        SqlServer.start(
            SqlConfig.of("127.0.0.1", 0, null),
            () -> tables,
            token -> new FixedSnapshot(1, () -> {}));
    ours =
        DriverManager.getConnection(
            "jdbc:postgresql://127.0.0.1:" + server.port() + "/millrace?user=app");
    fill(rows);
  }

  private static void fill(List<Object[]> rows) throws SQLException {
    try (var make = theirs.createStatement()) {
      make.execute(
          "create table t (id int8 primary key, small int4, name text, amount float8,"
              + " flag bool, big int8)");
    }
    try (var insert = theirs.prepareStatement("insert into t values (?, ?, ?, ?, ?, ?)")) {
      for (var row : rows) {
        for (int i = 0; i < row.length; i++) {
          insert.setObject(i + 1, row[i]);
        }
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  @AfterAll
  static void stop() throws Exception {
    if (server != null) {
      ours.close();
      server.close();
    }
    if (peer != null) {
      theirs.close();
      peer.close();
    }
    if (directory != null) {
      try (var files = Files.walk(directory)) {
        files.sorted(java.util.Comparator.reverseOrder()).forEach(BesidePostgresPropertyTest::drop);
      }
    }
  }

  private static void drop(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static List<Object[]> rows(SplittableRandom random) {
    var rows = new ArrayList<Object[]>();
    for (long id = 0; id < ROWS; id++) {
      rows.add(
          new Object[] {
            id * 100_000_000L,
            random.nextInt(6) == 0 ? null : random.nextInt(-4, 12),
            random.nextInt(6) == 0 ? null : NAMES.get(random.nextInt(NAMES.size())),
            random.nextInt(6) == 0 ? null : random.nextInt(-8, 20) / 4.0,
            random.nextInt(4) == 0 ? null : random.nextBoolean(),
            random.nextInt(5) == 0 ? null : BIG.get(random.nextInt(BIG.size()))
          });
    }
    return rows;
  }

  private static final List<String> NAMES =
      List.of("", "a", "ab", "abc", "NULL", "a,b", "{x}", "it's", "quo\"te", "7", "007", "ä", "%");

  private static final List<Long> BIG =
      List.of(
          0L,
          7L,
          -1L,
          (long) Integer.MAX_VALUE,
          1L + Integer.MAX_VALUE,
          (long) Integer.MIN_VALUE,
          3_000_000_000L,
          Long.MAX_VALUE,
          Long.MIN_VALUE,
          1_000L);

  /** Rows as text, or the state of the error. */
  private static String answer(Connection connection, Ask ask) {
    try {
      return String.join(" | ", ask.of(connection));
    } catch (SQLException problem) {
      return "error " + problem.getSQLState();
    }
  }

  private interface Ask {
    List<String> of(Connection connection) throws SQLException;
  }

  private static Ask text(String sql) {
    return connection -> {
      try (var statement = connection.createStatement();
          var results = statement.executeQuery(sql)) {
        var rows = new ArrayList<String>();
        while (results.next()) {
          rows.add(results.getString(1));
        }
        return rows;
      }
    };
  }

  private static void same(String what, Ask ask) {
    assertThat(answer(ours, ask)).as(what).isEqualTo(answer(theirs, ask));
  }

  static List<String> conditions() {
    return Stream.concat(arrays().stream(), literals().stream()).toList();
  }

  private static List<String> arrays() {
    return List.of(
        "big = ANY ('{7,3000000000}')",
        "big = ANY ('{}')",
        "big = ANY (null)",
        "small = ANY ('{1,2,NULL}')",
        "(small = ANY ('{100,NULL}')) is null",
        "small <> ALL ('{1,2}')",
        "small <> ALL ('{1,2,NULL}')",
        "not (small = ANY ('{1,2,3,4,5,6}'))",
        "small > ANY ('{3,8}')",
        "small <= ALL ('{3,8}')",
        "small = SOME ('{3,8}')",
        "(null = ANY ('{}')) is false",
        "(null <> ALL ('{}')) is true",
        "name = ANY ('{a,\"a,b\",\"NULL\",NULL,\"quo\\\"te\",\"{x}\",\"\"}')",
        "name = ANY ('{ a , ab }')",
        "name = ANY ('{{a,ab},{abc,7}}')",
        "name like ANY ('{a%,%b}')",
        "name not like ALL ('{a%,%b}')",
        "name ilike ANY ('{A%,%B}')",
        "name ~ ANY ('{^a,b$}')",
        "name !~ ALL ('{^a,b$}')",
        "amount = ANY ('{0.25,1e0,-1}')",
        "flag = ANY ('{t}')",
        "flag <> ALL ('{true,NULL}')",
        "small = ANY (ARRAY[1, 2, NULL])",
        "small <> ALL (ARRAY[1, 2])",
        "small = ANY (ARRAY[]::int[])",
        "small = ANY ('{1,2}'::int[])",
        "small = ANY ('{1,2}'::int8[])",
        "small = ANY (cast('{1,2}' as bigint[]))",
        "big < ALL (ARRAY[1, 3000000000, 10000000000000000000])",
        "name = ANY (ARRAY['a', 'b'])",
        "name = ANY (ARRAY['a', 'b']::text[])",
        "small = ANY ('{1.5}')",
        "small = ANY ('{1.5,2}'::numeric[])",
        "small = ANY ('{1,x}')",
        "small = ANY ('{3000000000}')",
        "small = ANY ('1,2')",
        "small = ANY ('{1,2')",
        "small = ANY ('{1,,2}')",
        "small = ANY (5)",
        "name = ANY ('{1,2}'::int[])");
  }

  private static List<String> literals() {
    return List.of(
        "small in (1, 2, 3000000000)",
        "small in (1, null)",
        "small not in (1, null)",
        "big = 7",
        "big = 3000000000",
        "big = 9223372036854775807",
        "big = 9223372036854775808",
        "big > 9223372036854775807999",
        "big > 1e3",
        "big = 1000.000",
        "big = 7.5",
        "big = '7'",
        "big = '3000000000'",
        "big = '9223372036854775808'",
        "big = 'x'",
        "small = '3000000000'",
        "small = 3000000000",
        "small < 3000000000",
        "small < 12345678901234567890",
        "small = -1",
        "small = - 3000000000",
        "small between 1 and 3000000000",
        "small between -1 and 3",
        "amount = 0.25",
        "amount = 25e-2",
        "amount > 1",
        "amount > 10000000000000000000000",
        "id = 100000000",
        "id = 3000000000",
        "id = 30000000000000000000",
        "id = 1e8",
        "id = 100000000.0",
        "id = '100000000'",
        "id = '-1'",
        "flag = 't'",
        "flag = 'maybe'",
        "flag is not true and small > 2",
        "name > 'ab'",
        "name = '007'");
  }

  @ParameterizedTest
  @MethodSource("conditions")
  void aConditionMeansWhatItMeansToPostgres(String condition) {
    same(condition, text("select id from t where " + condition + " order by id"));
    same(condition, text("select (" + condition + ") from t order by id"));
  }

  @Test
  void aPlanMadeForOneLiteralServesNoOther() {
    var literals =
        List.of(
            "7",
            "3000000000",
            "-1",
            "0",
            "2147483647",
            "2147483648",
            "9223372036854775807",
            "9223372036854775808",
            "1e3",
            "1000.0",
            "1000.00000000000000000000001",
            "7.0",
            "'7'",
            "'1000'",
            "'3000000000'",
            "'x'",
            "null",
            "0000000007",
            "1" + "0".repeat(60));
    for (var form :
        List.of("big = %s", "%s = big", "big <> %s", "big in (%s, 7)", "big between %s and %s")) {
      for (int pass = 0; pass < 2; pass++) {
        for (var literal : literals) {
          var condition = form.replace("%s", literal);
          same(condition, text("select id from t where " + condition + " order by id"));
        }
      }
    }
  }

  @Test
  @Timeout(300)
  void randomConditionsMeanWhatTheyMeanToPostgres() {
    var seed = Seeds.next();
    var random = new SplittableRandom(seed);
    for (int i = 0; i < STATEMENTS; i++) {
      var sql =
          "select id from t where " + new RandomConditions(random).condition(3) + " order by id";
      same("seed=" + seed + " " + sql, text(sql));
    }
  }

  @Test
  void arraysAreParameters() throws SQLException {
    for (int round = 0; round < 8; round++) {
      // From the fifth execution on the driver prepares on the server and sends binary arrays.
      ints("select id from t where small = ANY (?) order by id", 1, 2, null);
      ints("select id from t where small <> ALL (?) order by id", 1, 2);
      ints("select id from t where big > ANY (?) order by id", 5, 3);
      ints("select id from t where small = ANY (?) order by id");
      array("select id from t where name = ANY (?) order by id", "text", "a,b", "NULL", null);
      array("select id from t where name like ANY (?) order by id", "text", "a%", "%\"%");
      array("select id from t where big = ANY (?) order by id", "int8", 7L, 3_000_000_000L);
      array("select id from t where amount = ANY (?) order by id", "float8", 0.25, 1.0, -1.5);
      array("select id from t where flag = ANY (?) order by id", "bool", true);
      array("select id from t where amount = ANY (?::float8[]) order by id", "float8", 0.25);
      array("select id from t where name = ANY (?) order by id", "int4", 1, 2);
    }
    same("null", connection -> query(connection, "select id from t where small = ANY (?)", null));
  }

  private static void ints(String sql, Integer... elements) {
    array(sql, "int4", (Object[]) elements);
  }

  private static void array(String sql, String type, Object... elements) {
    same(sql, connection -> query(connection, sql, connection.createArrayOf(type, elements)));
  }

  private static List<String> query(
      Connection connection, String sql, java.sql.@Nullable Array value) throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      if (value == null) {
        statement.setNull(1, java.sql.Types.ARRAY);
      } else {
        statement.setArray(1, value);
      }
      var rows = new ArrayList<String>();
      try (var results = statement.executeQuery()) {
        while (results.next()) {
          rows.add(results.getString(1));
        }
      }
      return rows;
    }
  }

  @ParameterizedTest
  @MethodSource("described")
  void parametersHaveTheTypeThatPostgresGivesThem(String condition) {
    same(
        condition,
        connection -> {
          try (var statement = connection.prepareStatement("select id from t where " + condition)) {
            return List.of(statement.getParameterMetaData().getParameterTypeName(1));
          }
        });
  }

  static List<String> described() {
    return List.of(
        "small = ANY (?)",
        "big = ANY (?)",
        "name = ANY (?)",
        "amount > ALL (?)",
        "flag = ANY (?)",
        "name like ANY (?)",
        "small = ANY (?::int8[])",
        "big = ?");
  }
}
