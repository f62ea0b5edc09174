package io.millrace.sql;

import io.millrace.engine.table.Column;
import io.millrace.engine.table.ColumnType;
import io.millrace.engine.table.Table;
import java.net.BindException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** A server over tables in memory: users, orders, and a depot of events. */
final class DemoDatabase implements AutoCloseable {
  static final List<Column> USER_COLUMNS =
      List.of(
          new Column("id", ColumnType.LONG, false),
          new Column("first_name", ColumnType.TEXT, false),
          new Column("last_name", ColumnType.TEXT, true),
          new Column("city", ColumnType.TEXT, false),
          new Column("age", ColumnType.INT, false),
          new Column("balance", ColumnType.DOUBLE, true),
          new Column("active", ColumnType.BOOLEAN, false),
          new Column("last_modified", ColumnType.TIMESTAMP, false));
  static final List<Column> ORDER_COLUMNS =
      List.of(
          new Column("user_id", ColumnType.LONG, false),
          new Column("line", ColumnType.INT, false),
          new Column("amount", ColumnType.DOUBLE, true));
  static final List<Column> EVENT_COLUMNS =
      List.of(
          new Column("kind", ColumnType.TEXT, false),
          new Column("n", ColumnType.INT, true),
          new Column("body", ColumnType.JSON, true),
          new Column("raw", ColumnType.BYTES, true));

  private final MemoryTable users;
  private final MemoryTable orders;
  private final MemoryTable events;
  private final AtomicInteger openSnapshots = new AtomicInteger();
  private volatile String lastToken = "";
  private final SqlServer server;

  DemoDatabase(int rows, UnaryOperator<SqlConfig> change, String password) throws BindException {
    users = new MemoryTable("demo", "users", USER_COLUMNS, List.of(0), users(rows));
    orders = new MemoryTable("demo", "orders", ORDER_COLUMNS, List.of(0, 1), orders(rows));
    events = new MemoryTable("demo", "events", EVENT_COLUMNS, List.of(), List.of());
    List<Table> tables = List.of(users, orders, events);
    server =
        SqlServer.start(
            change.apply(SqlConfig.of("127.0.0.1", 0, password)),
            () -> tables,
            token -> {
              lastToken = token == null ? "" : token;
              openSnapshots.incrementAndGet();
              return new FixedSnapshot(42, openSnapshots::decrementAndGet);
            });
  }

  static DemoDatabase of(int rows) throws BindException {
    return new DemoDatabase(rows, config -> config, null);
  }

  private static List<Object[]> users(int count) {
    var random = new SplittableRandom(7);
    var rows = new ArrayList<Object[]>();
    for (long id = 0; id < count; id++) {
      rows.add(
          new Object[] {
            id,
            "first" + random.nextInt(20),
            random.nextInt(10) == 0 ? null : "last" + random.nextInt(200),
            "city" + random.nextInt(10),
            random.nextInt(90),
            random.nextInt(8) == 0 ? null : random.nextInt(10_000) / 4.0,
            random.nextBoolean(),
            1_700_000_000_000L + random.nextInt(1_000_000) * 1000L
          });
    }
    return rows;
  }

  private static List<Object[]> orders(int count) {
    var random = new SplittableRandom(8);
    var rows = new ArrayList<Object[]>();
    for (long user = 0; user < count; user++) {
      var lines = random.nextInt(3);
      for (int line = 0; line < lines; line++) {
        rows.add(
            new Object[] {user, line, random.nextInt(5) == 0 ? null : random.nextInt(400) / 4.0});
      }
    }
    return rows;
  }

  MemoryTable users() {
    return users;
  }

  MemoryTable orders() {
    return orders;
  }

  MemoryTable events() {
    return events;
  }

  SqlServer server() {
    return server;
  }

  int openSnapshots() {
    return openSnapshots.get();
  }

  String lastToken() {
    return lastToken;
  }

  Connection connect(String... options) throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", "demo");
    for (int i = 0; i < options.length; i += 2) {
      properties.setProperty(options[i], options[i + 1]);
    }
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + server.port() + "/millrace", properties);
  }

  @Override
  public void close() {
    server.close();
  }
}
