package io.millrace.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Random queries over one table, also joined with itself, that SQLite reads as we do. */
final class QueryGenerator {
  private final SplittableRandom random;

  QueryGenerator(SplittableRandom random) {
    this.random = random;
  }

  private String any(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  /** A query over the table named {@code t}; its order is total or its rows are to be sorted. */
  String next() {
    return switch (random.nextInt(7)) {
      case 0 -> grouped();
      case 3 -> related();
      case 2 -> joined();
      case 1 -> "select " + aggregates() + " from t" + where();
      default -> plain();
    };
  }

  private String joined() {
    return "select x.id, y.id, y.a, x.n + 1 from t x "
        + any("join", "left join", "right join", "full join")
        + " t y on "
        + any(
            "x.n = y.id",
            "x.n = y.n and y.f",
            "x.a = y.a and x.n = y.n",
            "x.id = y.n and x.d < y.d",
            "x.b = y.b and x.id < 20",
            "x.id < 10 and y.id > x.n")
        + any("", " where x.f", " where x.n > 10 and y.id is not null")
        + " order by x.id nulls last, y.id nulls last"
        + any("", " limit 20");
  }

  /** Rows by whether others like them exist. */
  private String related() {
    return "select id, n, b from t x where "
        + any(
            "n in (select id from t where f)",
            "n not in (select n from t where n is not null and f)",
            "exists (select 1 from t y where y.n = x.id and y.f)",
            "not exists (select 1 from t y where y.n = x.n and y.id > x.id)",
            "exists (select 1 from t y where y.b = x.b and y.a = x.a and y.id <> x.id)")
        + any("", " and f", " and d > 20")
        + " order by id"
        + any("", " limit 15");
  }

  private String plain() {
    var distinct = random.nextInt(8) == 0;
    var columns =
        distinct
            ? any("a", "n", "b, f", "a, n")
            : any("id, a, b", "id, n, d", "*", "id, a || 'x', n + 1", "id, upper(a), length(b)")
                + (random.nextInt(3) == 0 ? ", " + scalar() + " as z" : "");
    var sql = "select " + (distinct ? "distinct " : "") + columns + " from t" + where();
    if (distinct) {
      return sql;
    }
    return sql + order() + limit();
  }

  private String scalar() {
    return any(
        "case when n > 20 then 'big' when n is null then 'none' else b end",
        "coalesce(d, n, -1)",
        "coalesce(b, a)",
        "substr(a, 2, 3)",
        "nullif(n, 7)",
        "n * 2 - 3",
        "n / 7",
        "n % 5",
        "abs(n - 25)",
        "lower(b)",
        "replace(a, '1', '-')",
        "cast(n as text) || ':' || a",
        "trim('  ' || a || ' ')");
  }

  private String order() {
    var keys = new ArrayList<String>();
    for (int i = random.nextInt(3); i > 0; i--) {
      keys.add(
          any("a", "b", "n", "d", "ts", "f")
              + any("", " desc")
              + any(" nulls first", " nulls last"));
    }
    keys.add("id" + any("", " desc"));
    return " order by " + String.join(", ", keys);
  }

  private String limit() {
    return switch (random.nextInt(4)) {
      case 0 -> " limit " + random.nextInt(40);
      case 1 -> " limit " + (1 + random.nextInt(20)) + " offset " + random.nextInt(50);
      default -> "";
    };
  }

  private String grouped() {
    var keys = any("a", "b", "n", "f", "a, f", "b, n", "n % 3", "length(a)");
    var having = random.nextInt(3) == 0 ? " having count(*) > " + random.nextInt(12) : "";
    return "select "
        + keys
        + ", "
        + aggregates()
        + " from t"
        + where()
        + " group by "
        + keys
        + having;
  }

  private String aggregates() {
    var chosen = new ArrayList<String>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      chosen.add(
          any(
              "count(*)",
              "count(b)",
              "count(d)",
              "sum(n)",
              "sum(d)",
              "min(a)",
              "max(b)",
              "min(d)",
              "max(ts)",
              "avg(n)",
              "avg(d)",
              "count(distinct a)",
              "sum(distinct n)",
              "sum(n + 1)",
              "count(distinct n)",
              "max(id)",
              "sum(case when f then 1 else 0 end)"));
    }
    return String.join(", ", chosen);
  }

  private String where() {
    return random.nextInt(5) == 0 ? "" : " where " + condition(2);
  }

  private String condition(int depth) {
    if (depth > 0 && random.nextInt(3) > 0) {
      return "(" + condition(depth - 1) + any(" and ", " or ") + condition(depth - 1) + ")";
    }
    return random.nextInt(6) == 0 ? "not (" + simple() + ")" : simple();
  }

  private String simple() {
    var compare = any("=", "<>", "<", "<=", ">", ">=");
    return switch (random.nextInt(14)) {
      case 0 -> "id " + compare + " " + random.nextInt(320);
      case 1 -> "id between " + random.nextInt(150) + " and " + random.nextInt(300);
      case 2 -> "a " + compare + " 'a" + random.nextInt(30) + "'";
      case 3 -> "a like '" + any("a1%", "%2", "%1%", "a_", "a2_", "_1%", "%") + "'";
      case 4 -> "b is " + any("null", "not null");
      case 5 -> "d " + compare + " " + random.nextInt(100) + any("", ".5", ".25");
      case 6 -> "n in (" + numbers() + ")";
      case 7 -> "a in ('a1', 'a2', 'a" + random.nextInt(30) + "')";
      case 8 -> any("f", "not f");
      case 9 -> "n " + compare + " " + random.nextInt(50);
      case 10 -> "ts " + compare + " " + "TS" + random.nextInt(300);
      case 11 -> "n + 3 " + compare + " id % 50";
      case 12 -> "b " + compare + " a";
      default -> "id = " + random.nextInt(320);
    };
  }

  private String numbers() {
    var list = new ArrayList<String>();
    for (int i = 1 + random.nextInt(12); i > 0; i--) {
      list.add(Integer.toString(random.nextInt(50)));
    }
    return String.join(", ", List.copyOf(list));
  }
}
