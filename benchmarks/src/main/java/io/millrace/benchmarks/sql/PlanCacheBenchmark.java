package io.millrace.benchmarks.sql;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OutputTimeUnit;

/** From text to rows for short statements: cache hit, and a miss each time. */
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class PlanCacheBenchmark extends SqlBenchmark {
  private int counter;

  @Override
  int tableRows() {
    return 10_000;
  }

  /** An ad-hoc key get whose literal changes: a hit. */
  @Benchmark
  public long keyGetHit() {
    counter = (counter + 1) % 10_000;
    return run("select * from users where id = " + counter);
  }

  /** A key get whose column alias changes: planned each time, without the optimiser or with it. */
  @Benchmark
  public long singleTableMiss() {
    counter++;
    return run("select id as c" + counter + " from users where id < 5 order by last_name limit 3");
  }
}
