package io.millrace.benchmarks.side;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Checks of answers while events come in: equal to SQLite's, and never behind a token. */
final class PolicyAnswers {
  private static final long FRESH_IDS = 1_000_000_000L;

  private PolicyAnswers() {}

  /**
   * What a comparison came to.
   *
   * @param position journal position of the snapshot all queries read
   * @param events events the snapshot held, as replayed by SQLite
   * @param differences one line for each query that differs
   */
  record Compared(long position, long events, List<String> differences) {}

  /**
   * Asks all queries in one transaction, which is one snapshot, replays the generator up to the
   * newest change the snapshot shows, and asks SQLite.
   */
  static Compared compare(Connection millrace, PolicyLedger ledger, List<PolicyQuery> queries)
      throws SQLException {
    var ours = new LinkedHashMap<PolicyQuery, List<String>>();
    long newest;
    long position;
    millrace.setAutoCommit(false);
    try {
      newest = moment(millrace);
      for (var query : queries) {
        ours.put(query, PolicyQuery.rows(millrace, query.millrace()));
      }
      position = Long.parseLong(PolicyQuery.rows(millrace, "show millrace.position").getFirst());
      if (moment(millrace) != newest) {
        throw new IllegalStateException("one transaction read two snapshots");
      }
    } finally {
      millrace.commit();
      millrace.setAutoCommit(true);
    }
    ledger.replayTo(newest);
    var differences = new ArrayList<String>();
    for (Map.Entry<PolicyQuery, List<String>> answer : ours.entrySet()) {
      var query = answer.getKey();
      var theirs = PolicyQuery.rows(ledger.connection(), query.sqlite());
      var difference = query.difference(answer.getValue(), theirs);
      if (difference != null) {
        differences.add(difference);
      }
    }
    return new Compared(position, ledger.applied(), differences);
  }

  private static long moment(Connection millrace) throws SQLException {
    try (var statement = millrace.createStatement();
        var found = statement.executeQuery("select max(last_modified) from policies.grid")) {
      found.next();
      return found.getTimestamp(1).getTime();
    }
  }

  /** Lines of EXPLAIN that say how many operators Calcite's Enumerable runs; all must say 0. */
  static long fallbacks(Connection millrace, PolicyQuery query) throws SQLException {
    return PolicyQuery.rows(millrace, "explain analyze " + query.millrace()).stream()
        .filter(line -> line.startsWith("Fallback operators: "))
        .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 2)))
        .sum();
  }

  /**
   * Appends over HTTP and asks over SQL with the token of the answer, so many times.
   *
   * @return how often the row was not there
   */
  static int unseen(Connection millrace, PolicyFeed feed, int times)
      throws SQLException, IOException {
    var unseen = 0;
    try (Statement statement = millrace.createStatement()) {
      for (var i = 0; i < times; i++) {
        var id = FRESH_IDS + i;
        var line =
            "{\"@type\":\"policy_issued\",\"policyId\":"
                + id
                + ",\"happenedAt\":1,"
                + "\"firstName\":\"Fresh\",\"lastName\":\"Row\",\"carrier\":\"None\","
                + "\"premiumCents\":1,\"renewsOn\":\"2030-01-01\"}\n";
        var token = feed.post(line, "appended");
        statement.execute("set millrace.after = '" + token + "'");
        var rows =
            PolicyQuery.rows(millrace, "select last_name from policies.grid where key = " + id);
        if (!rows.equals(List.of("Row"))) {
          unseen++;
        }
      }
      statement.execute("reset millrace.after");
    }
    return unseen;
  }
}
