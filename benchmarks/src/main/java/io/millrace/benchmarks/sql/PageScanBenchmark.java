package io.millrace.benchmarks.sql;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** Filter, top-k, group and deep offset over packed pages, through the session. */
public class PageScanBenchmark extends SqlBenchmark {
  /** Rows of the table. */
  @Param("1000000")
  public int rows;

  @Override
  int tableRows() {
    return rows;
  }

  /** Q2: equality on a text column, whole rows. */
  @Benchmark
  public long filter() {
    return run("select * from users where first_name = 'first7'");
  }

  /** Q4: top 50 by text and key. */
  @Benchmark
  public long topByText() {
    return run("select * from users order by last_name, id limit 50");
  }

  /** Q5: key order, deep offset. */
  @Benchmark
  public long deepOffset() {
    return run("select * from users order by id limit 50 offset " + rows / 2);
  }

  /** Q6: top 50 by moment. */
  @Benchmark
  public long topByMoment() {
    return run("select * from users order by last_modified desc limit 50");
  }

  /** Q7: group by city. */
  @Benchmark
  public long group() {
    return run("select city, count(*), avg(balance) from users group by city");
  }

  /** Q9: count with a range and a prefix. */
  @Benchmark
  public long count() {
    return run(
        "select count(*) from users where age between 20 and 40 and last_name like 'last1%'");
  }
}
