package io.millrace.benchmarks.sql;

import io.millrace.engine.table.Table;
import io.millrace.sql.SqlConfig;
import io.millrace.sql.SqlServer;
import io.millrace.sql.session.SqlSession;
import java.net.BindException;
import java.util.List;

/** A SQL door over packed users, and a session without a socket. */
final class SqlBench implements AutoCloseable {
  private final SqlServer server;
  private final SqlSession session;

  SqlBench(int rows) throws BindException {
    List<Table> tables = List.of(new PackedUsers(rows));
    server =
        SqlServer.start(
            SqlConfig.of("127.0.0.1", 0, null), () -> tables, token -> new PackedUsers.OneTask());
    session = server.session("bench");
  }

  /** Plans and runs a statement to its end; returns the number of rows. */
  long run(String sql) {
    long rows = 0;
    for (var statement : session.statements(sql)) {
      var prepared = session.prepare(statement, List.of());
      try (var execution = session.execute(prepared, new Object[0])) {
        for (var batch = execution.next(); batch != null; batch = execution.next()) {
          rows += batch.count;
        }
      }
    }
    return rows;
  }

  @Override
  public void close() {
    session.close();
    server.close();
  }
}
