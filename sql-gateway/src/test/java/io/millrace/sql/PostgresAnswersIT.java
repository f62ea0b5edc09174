package io.millrace.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.util.PSQLException;

/** Expressions whose value and name PostgreSQL 15 gave; what people type first at a new door. */
final class PostgresAnswersIT {
  private static DemoDatabase database;

  @BeforeAll
  static void start() throws Exception {
    database = DemoDatabase.of(100);
  }

  @AfterAll
  static void stop() {
    database.close();
  }

  /** Names of the columns in the first row, then the cells row by row as text. */
  private static List<List<String>> answer(String sql) throws SQLException {
    try (var connection = database.connect();
        var statement = connection.createStatement();
        var results = statement.executeQuery(sql)) {
      var shape = results.getMetaData();
      var rows = new ArrayList<List<String>>();
      var names = new ArrayList<String>();
      for (int i = 1; i <= shape.getColumnCount(); i++) {
        names.add(shape.getColumnLabel(i));
      }
      rows.add(names);
      while (results.next()) {
        var row = new ArrayList<String>();
        for (int i = 1; i <= shape.getColumnCount(); i++) {
          row.add(String.valueOf(results.getString(i)));
        }
        rows.add(row);
      }
      return rows;
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "cast(1.5 as int) ; int4 ; 2",
        "2.5::int ; int4 ; 3",
        "cast(-2.5 as bigint) ; int8 ; -3",
        "1.005::numeric ; numeric ; 1.005",
        "'1.50'::numeric ; numeric ; 1.50",
        "1.005::numeric(10,2) ; numeric ; 1.01",
        "round(1.005::numeric, 2) ; round ; 1.01",
        "true::text ; text ; true",
        "1::bigint::text ; text ; 1",
        "2 ^ 10 ; power ; 1024",
        "2 * 3 ^ 2 ; ?column? ; 18",
        "2 ^ 3 ^ 2 ; power ; 64",
        "2 ^ -1 ; power ; 0.5",
        "abs(-2) ^ length('abc') + 1 ; ?column? ; 9",
        "(1 + 1) ^ '3'::int * 2 ; ?column? ; 16",
        "date_part('year', date '2024-05-17') ; date_part ; 2024",
        "extract(year from date '2024-05-17') ; extract ; 2024",
        "extract(second from timestamp '2024-05-17 10:11:12.5') ; extract ; 12.500000",
        "extract(epoch from timestamptz '2024-05-17 10:11:12.5+00') ; extract ; 1715940672.500000",
        "interval '1 day 2 hours' ; ?column? ; 1 day 02:00:00",
        "interval '90 minutes' ; ?column? ; 01:30:00",
        "interval '1 year 2 months' ; ?column? ; 1 year 2 mons",
        "array[1,2,3] ; ?column? ; {1,2,3}",
        "array['a','b c'] ; ?column? ; `{a,\"b c\"}`",
        "array_length(array[1,2], 1) ; array_length ; 2",
        "coalesce(null, 'a') ; coalesce ; a",
        "nullif(1, 1) ; nullif ; null",
        "current_schema ; current_schema ; public",
        "trim('  a ') ; btrim ; a",
        "ascii('a') + length('bc') ; ?column? ; 99",
        "chr(65) || left('bcd', 1) ; ?column? ; Ab",
        "(select max(id) from users where id < 3) ; ?column? ; 2"
      })
  void anExpressionHasThePostgresValueAndName(String expression, String name, String value)
      throws Exception {
    assertThat(answer("select " + expression)).containsExactly(List.of(name), List.of(value));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "sqrt(-1) ; 2201F ; cannot take square root of a negative number",
        "power(0, -1) ; 2201F ; zero raised to a negative power is undefined",
        "power(-8, 0.3) ; 2201F ; a negative number raised to a non-integer power",
        "'12x'::numeric ; 22P02 ; invalid input syntax for type numeric"
      })
  void anImpossibleValueIsAnError(String expression, String state, String message) {
    assertThatThrownBy(() -> answer("select " + expression))
        .isInstanceOfSatisfying(
            PSQLException.class, error -> assertThat(error.getSQLState()).isEqualTo(state))
        .hasMessageContaining(message);
  }

  @Test
  void functionsOfOursAndOfTheFallbackStandInOneStatement() throws Exception {
    assertThat(
            answer(
                "select strpos(s, 'b'), ascii(s), chr(n + 64), encode(s::bytea, 'hex'),"
                    + " regexp_replace(s, 'a', 'x'), date_trunc('day', at)"
                    + " from (values (1, 'abc', timestamp '2024-05-17 10:11:12'),"
                    + " (2, 'x', null)) t(n, s, at) order by n"))
        .containsExactly(
            List.of("strpos", "ascii", "chr", "encode", "regexp_replace", "date_trunc"),
            List.of("2", "97", "A", "616263", "xbc", "2024-05-17 00:00:00+00"),
            List.of("0", "120", "B", "78", "x", "null"));
  }

  @Test
  void deviationAndVarianceAreComputed() throws Exception {
    var row =
        answer(
                "select stddev(x), variance(x), stddev_pop(x), var_pop(x)"
                    + " from (values (1), (2), (4)) t(x)")
            .getLast();
    assertThat(row.stream().mapToDouble(Double::parseDouble))
        .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-12 ? 0 : 1)
        .containsExactly(1.5275252316519467, 7.0 / 3, 1.247219128924647, 14.0 / 9);
    assertThat(answer("select stddev(x), var_samp(x) from (values (1)) t(x)").getLast())
        .containsExactly("null", "null");
  }

  @Test
  void deviationOfEqualRealNumbersIsZeroAndNotAnError() throws Exception {
    assertThat(
            answer(
                    "select stddev(x), variance(x), stddev_pop(x), var_pop(x), count(distinct x)"
                        + " from (values (0.1::float8), (0.1::float8), (0.1::float8)) t(x)")
                .getLast())
        .containsExactly("0", "0", "0", "0", "1");
  }

  @Test
  void aSignBindsTighterThanAPower() throws Exception {
    assertThat(
            answer(
                    "select -2 ^ 2, 3 - -2 ^ 2, 3 - 2 ^ 2, 2 ^ -1, (1) - 2 ^ 2,"
                        + " 2 ^ case when true then 3 else 1 end, -x ^ 2 from (values (3)) t(x)")
                .getLast())
        .containsExactly("4", "-1", "-1", "0.5", "-3", "8", "9");
  }

  @Test
  void bothSidesOfAJoinKeepTheNamesOfTheirColumns() throws Exception {
    var names = answer("select * from users a join users b on a.id = b.id limit 1").getFirst();
    var half = names.size() / 2;
    assertThat(names.subList(half, names.size())).isEqualTo(names.subList(0, half)).contains("id");
    assertThat(answer("select 1 union select 2 order by 1").getFirst()).containsExactly("?column?");
  }
}
