package io.millrace.benchmarks.side;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A query over the policy tables, in the words of both sides.
 *
 * @param name its number
 * @param millrace text for Millrace
 * @param sqlite text for SQLite
 * @param ordered whether the order of the rows is part of the answer
 * @param bar most milliseconds of the median, or 0 for none
 */
record PolicyQuery(String name, String millrace, String sqlite, boolean ordered, double bar) {

  /** Queries Q2 to Q9, without any index. */
  static List<PolicyQuery> all() {
    return List.of(
        same("Q2", "select * from grid where first_name = 'Yuri'", false, 120),
        same(
            "Q3",
            "select * from grid where first_name = 'Yuri' order by last_modified desc limit 50",
            true,
            120),
        same("Q4", "select * from grid order by last_name, key limit 50", true, 150),
        same("Q5", "select * from grid order by key limit 50 offset 500000", true, 60),
        same("Q6", "select * from grid order by last_modified desc limit 50", true, 150),
        same(
            "Q7",
            "select carrier, count(*), avg(premium_cents) from grid group by carrier",
            false,
            120),
        same(
            "Q8",
            "select g.last_name, count(*), sum(c.amount_cents) from grid g"
                + " join claims c on c.key = g.key where g.premium_cents > 100000"
                + " group by g.last_name order by 3 desc limit 10",
            true,
            300),
        new PolicyQuery(
            "Q9",
            "select count(*) from policies.grid where premium_cents between 50000 and 150000"
                + " and last_name like 'K%'",
            "select count(*) from grid where premium_cents between 50000 and 150000"
                + " and last_name glob 'K*'",
            false,
            120));
  }

  private static PolicyQuery same(String name, String sql, boolean ordered, double bar) {
    var qualified =
        sql.replace("from grid", "from policies.grid")
            .replace("join claims", "join policies.claims");
    return new PolicyQuery(name, qualified, sql, ordered, bar);
  }

  /** Rows of an answer as texts that are equal when the values are. */
  static List<String> rows(Connection connection, String sql) throws SQLException {
    var rows = new ArrayList<String>();
    try (var statement = connection.createStatement();
        var found = statement.executeQuery(sql)) {
      var columns = found.getMetaData().getColumnCount();
      while (found.next()) {
        var row = new StringBuilder();
        for (var i = 1; i <= columns; i++) {
          row.append(i > 1 ? "|" : "").append(text(found.getObject(i)));
        }
        rows.add(row.toString());
      }
    }
    return rows;
  }

  /** Whole numbers alike whatever their type; others to six places. */
  private static String text(@Nullable Object value) {
    if (value instanceof java.sql.Timestamp at) {
      return Long.toString(at.getTime());
    }
    if (!(value instanceof Number number)) {
      return Objects.toString(value);
    }
    var exact = new BigDecimal(number.toString());
    return exact.stripTrailingZeros().scale() <= 0
        ? exact.toBigInteger().toString()
        : String.format(Locale.ROOT, "%.6f", exact);
  }

  /** Null when both answers are equal, otherwise what differs first. */
  @Nullable String difference(List<String> ours, List<String> theirs) {
    var a = new ArrayList<>(ours);
    var b = new ArrayList<>(theirs);
    if (!ordered) {
      a.sort(Comparator.naturalOrder());
      b.sort(Comparator.naturalOrder());
    }
    if (a.equals(b)) {
      return null;
    }
    for (var i = 0; i < Math.min(a.size(), b.size()); i++) {
      if (!a.get(i).equals(b.get(i))) {
        return name + " row " + i + ": Millrace " + a.get(i) + ", SQLite " + b.get(i);
      }
    }
    return name + ": Millrace " + a.size() + " rows, SQLite " + b.size();
  }
}
