package io.millrace.benchmarks.sql;

import java.net.BindException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Filter, top-k, group and deep offset over packed pages, through the session. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class PageScanBenchmark {
  /** Rows of the table. */
  @Param("1000000")
  public int rows;

  private @Nullable SqlBench bench;

  /** Starts the door over the rows. */
  @Setup
  public void open() throws BindException {
    bench = new SqlBench(rows);
  }

  private SqlBench bench() {
    return Objects.requireNonNull(bench);
  }

  /** Stops it. */
  @TearDown
  public void close() {
    bench().close();
  }

  /** Q2: equality on a text column, whole rows. */
  @Benchmark
  public long filter() {
    return bench().run("select * from users where first_name = 'first7'");
  }

  /** Q4: top 50 by text and key. */
  @Benchmark
  public long topByText() {
    return bench().run("select * from users order by last_name, id limit 50");
  }

  /** Q5: key order, deep offset. */
  @Benchmark
  public long deepOffset() {
    return bench().run("select * from users order by id limit 50 offset " + rows / 2);
  }

  /** Q6: top 50 by moment. */
  @Benchmark
  public long topByMoment() {
    return bench().run("select * from users order by last_modified desc limit 50");
  }

  /** Q7: group by city. */
  @Benchmark
  public long group() {
    return bench().run("select city, count(*), avg(balance) from users group by city");
  }

  /** Q9: count with a range and a prefix. */
  @Benchmark
  public long count() {
    return bench()
        .run("select count(*) from users where age between 20 and 40 and last_name like 'last1%'");
  }
}
