package io.millrace.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.millrace.engine.Seeds;
import io.millrace.engine.table.Column;
import io.millrace.engine.table.ColumnType;
import io.millrace.engine.table.Table;
import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.session.SqlSession;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The same rows and the same random queries here and in SQLite give the same answers. */
final class SqliteDifferentialTest {
  private static final int ROWS = 300;
  private static final int QUERIES = Integer.getInteger("millrace.sql.queries", 120);
  private static final long BASE_MS = 1_700_000_000_000L;
  private static final List<Column> COLUMNS =
      List.of(
          new Column("id", ColumnType.LONG, false),
          new Column("a", ColumnType.TEXT, false),
          new Column("b", ColumnType.TEXT, true),
          new Column("n", ColumnType.INT, true),
          new Column("d", ColumnType.DOUBLE, true),
          new Column("f", ColumnType.BOOLEAN, false),
          new Column("ts", ColumnType.TIMESTAMP, false));

  private static List<Object[]> rows(SplittableRandom random) {
    var rows = new ArrayList<Object[]>();
    for (long id = 0; id < ROWS; id++) {
      rows.add(
          new Object[] {
            id,
            "a" + random.nextInt(30),
            random.nextInt(4) == 0 ? null : "B" + random.nextInt(20) + "é",
            random.nextInt(10) == 0 ? null : random.nextInt(50),
            random.nextInt(6) == 0 ? null : random.nextInt(400) / 4.0,
            random.nextBoolean(),
            BASE_MS + random.nextInt(300) * 1000L
          });
    }
    return rows;
  }

  private static Connection sqlite(List<Object[]> rows) throws SQLException {
    var connection = DriverManager.getConnection("jdbc:sqlite::memory:");
    try (var statement = connection.createStatement()) {
      statement.execute("pragma case_sensitive_like = true");
      statement.execute("create table t (id integer, a text, b text, n integer, d real, f, ts)");
    }
    try (var insert = connection.prepareStatement("insert into t values (?, ?, ?, ?, ?, ?, ?)")) {
      for (var row : rows) {
        for (int i = 0; i < row.length; i++) {
          insert.setObject(i + 1, row[i] instanceof Boolean flag ? (flag ? 1 : 0) : row[i]);
        }
        insert.addBatch();
      }
      insert.executeBatch();
    }
    return connection;
  }

  private static List<Object> normal(Object[] row) {
    return Arrays.stream(row).map(SqliteDifferentialTest::normal).toList();
  }

  private static Object normal(Object value) {
    return switch (value) {
      case null -> "null";
      case Boolean flag -> flag ? 1.0 : 0.0;
      case BigDecimal number -> rounded(number.doubleValue());
      case Number number -> rounded(number.doubleValue());
      default -> value.toString();
    };
  }

  private static double rounded(double value) {
    return Math.round(value * 1e6) / 1e6;
  }

  private static List<List<Object>> sqlite(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var results =
            statement.executeQuery(sql.replaceAll("TS(\\d+)", "(1700000000000+$1*1000)"))) {
      var rows = new ArrayList<List<Object>>();
      var width = results.getMetaData().getColumnCount();
      while (results.next()) {
        var row = new Object[width];
        for (int i = 0; i < width; i++) {
          row[i] = results.getObject(i + 1);
        }
        rows.add(normal(row));
      }
      return rows;
    }
  }

  private static String ours(String sql, String table) {
    var moments = java.util.regex.Pattern.compile("TS(\\d+)").matcher(sql);
    return moments
        .replaceAll(match ->
            "'" + Instant.ofEpochMilli(BASE_MS + Long.parseLong(match.group(1)) * 1000) + "'")
        .replace(" from t", " from " + table)
        .replace("join t ", "join " + table + " ");
  }

  private static List<List<Object>> run(SqlSession session, String sql) {
    var rows = new ArrayList<List<Object>>();
    for (var statement : session.statements(sql)) {
      var prepared = session.prepare(statement, List.of());
      try (var execution = session.execute(prepared, new Object[0])) {
        var width = execution.columns().size();
        for (var batch = execution.next(); batch != null; batch = execution.next()) {
          for (int i = 0; i < batch.count; i++) {
            rows.add(normal(Arrays.copyOf(batch.rows[i], width)));
          }
        }
      }
    }
    return rows;
  }

  private static List<List<Object>> sorted(List<List<Object>> rows) {
    var copy = new ArrayList<>(rows);
    copy.sort(Comparator.comparing(Object::toString));
    return copy;
  }

  @Test
  void randomQueriesAnswerAsInSqliteWithAndWithoutTheFallback() throws Exception {
    var seed = Seeds.next();
    var random = new SplittableRandom(seed);
    var rows = rows(random.split());
    var memory = new MemoryTable("demo", "m", COLUMNS, List.of(0), rows);
    var paged = new MemoryPagedTable("p", memory);
    List<Table> tables = List.of(memory, paged);
    var generator = new QueryGenerator(random.split());
    try (var reference = sqlite(rows);
        var with = server(tables, true);
        var without = server(tables, false);
        var session = with.session("test");
        var strict = without.session("test")) {
      for (int i = 0; i < QUERIES; i++) {
        var sql = generator.next();
        var context = "-Dmillrace.seed=" + seed + " query " + i + ": " + sql;
        var expected = sqlite(reference, sql);
        check(context, sql, expected, session, "m");
        check(context, sql, expected, strict, "p");
      }
      assertThat(without.metrics().fallbacks()).isZero();
      assertThat(with.metrics().failures()).isZero();
    }
  }

  private static SqlServer server(List<Table> tables, boolean fallback) throws Exception {
    return SqlServer.start(
        SqlConfig.of("127.0.0.1", 0, null).withFallbackAllowed(fallback),
        () -> tables,
        token -> new FixedSnapshot(1, () -> {}));
  }

  private static void check(
      String context, String sql, List<List<Object>> expected, SqlSession session, String table) {
    List<List<Object>> found;
    try {
      found = run(session, ours(sql, table));
    } catch (SqlProblem problem) {
      fail(context + " on " + table + ": " + problem.state() + " " + problem.message(), problem);
      return;
    }
    if (sql.contains(" order by ")) {
      assertThat(found).as(context + " on " + table).isEqualTo(expected);
    } else {
      assertThat(sorted(found)).as(context + " on " + table).isEqualTo(sorted(expected));
    }
  }
}
