package io.millrace.sql.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.sql.error.SqlProblem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NormalTest {
  private static Normal normal(String sql) {
    return Normal.of(Lexer.statements(sql).getFirst());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "select 1 + 5::int8 * 2 | select 1 + ( 5 :: int8 ) * 2",
        "select a.b::text | select ( a . b :: text )",
        "select f(x, 1)::numeric(10,2) | select ( f ( x , 1 ) :: numeric ( 10 , 2 ) )",
        "select (1+2)::text | select ( ( 1 + 2 ) :: text )",
        "select '1'::int::text | select ( ( '1' :: int ) :: text )",
        "select case when a then 1 end::text | select ( case when a then 1 end :: text )",
        "select x OPERATOR(pg_catalog.~) 'a' | select x ~ 'a'",
        "select pg_catalog.version() | select version ( )",
        "select a = any (array[1, 2]) | select a = \"any of array\" ( array [ 1 , 2 ] )",
        "select a <> all ('{1}') | select a <> \"all of array\" ( '{1}' )",
        "select a = any (select 1) | select a = any ( select 1 )",
        "select '{a}'::text[] | select ( '{a}' :: \"_text\" )",
        "select cast(a as double precision[]) | select cast ( a as \"_float8\" )",
        "select a collate \"C\" | select a",
        "select $$it's$$ | select 'it''s'",
        "select interval '1 day' | select interval '86400' second(10, 3)",
        "select date, t.row from t where time > 1 | select \"date\" , t . \"row\" from t where"
            + " \"time\" > 1",
        "select cast(a as date), date '2026-01-01' | select cast ( a as date ) , date '2026-01-01'",
        "select sum(a) over (partition by b) | select sum ( a ) over ( partition by b )",
        "select a as date from t | select a as \"date\" from t",
        "table users | select * from users",
        "select A /* x /* y */ */ , \"B\" -- end | select a , \"B\""
      })
  void spellingsBecomeCalcites(String sql, String expected) {
    assertThat(normal(sql).sql()).isEqualTo(expected);
  }

  @Test
  void escapesAreRead() {
    assertThat(normal("select E'a\\nb\\'c'").sql()).isEqualTo("select 'a\nb''c'");
  }

  @Test
  void literalsLeaveTheShape() {
    assertThat(normal("select 'x', 1, 2.5 from t where a = $2 and b = $1").shape())
        .isEqualTo("select ?s , ?i , ?d from t where a = $2 and b = $1");
    assertThat(normal("select a from t where b = 1").shape())
        .isEqualTo(normal("SELECT  a\nfrom t where b=12345").shape());
  }

  @Test
  void theSizeOfANumberStaysInTheShape() {
    assertThat(
            normal(
                    "select 0002147483647, 2147483648, 9223372036854775807, 9223372036854775808,"
                        + " 1e3")
                .shape())
        .isEqualTo("select ?i , ?l , ?l , ?n , ?d");
  }

  @Test
  void positionsLeadBackToTheText() {
    var sql = "select 1::int8,   frm";
    var normal = normal(sql);
    assertThat(normal.origin(normal.sql().indexOf("frm"))).isEqualTo(sql.indexOf("frm"));
    assertThat(normal.parameterCount()).isZero();
    assertThat(normal("select $3").parameterCount()).isEqualTo(3);
  }

  @Test
  void statementsAreCutAtTopLevelSemicolonsOnly() {
    assertThat(Lexer.statements("select ';' ; ; select \";\" -- ;\n;")).hasSize(2);
    assertThat(Lexer.statements(" ; -- nothing\n")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"select 'abc", "select \"abc", "select /* abc", "select $$abc"})
  void whatIsNotClosedIsAnErrorAtItsStart(String sql) {
    assertThatThrownBy(() -> Lexer.statements(sql))
        .isInstanceOfSatisfying(
            SqlProblem.class, problem -> assertThat(problem.position()).isEqualTo(8));
  }

  @Test
  void parameterNumbersAreBounded() {
    assertThatThrownBy(() -> normal("select $99999999999")).isInstanceOf(SqlProblem.class);
    assertThatThrownBy(() -> normal("select $0")).isInstanceOf(SqlProblem.class);
  }
}
