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
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** From text to rows for short statements: cache hit, and a miss each time. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class PlanCacheBenchmark {
  private @Nullable SqlBench bench;
  private int counter;

  /** Starts the door. */
  @Setup
  public void open() throws BindException {
    bench = new SqlBench(10_000);
  }

  private SqlBench bench() {
    return Objects.requireNonNull(bench);
  }

  /** Stops it. */
  @TearDown
  public void close() {
    bench().close();
  }

  /** An ad-hoc key get whose literal changes: a hit. */
  @Benchmark
  public long keyGetHit() {
    counter = (counter + 1) % 10_000;
    return bench().run("select * from users where id = " + counter);
  }

  /** A key get whose column alias changes: planned each time, without the optimiser or with it. */
  @Benchmark
  public long singleTableMiss() {
    counter++;
    return bench()
        .run("select id as c" + counter + " from users where id < 5 order by last_name limit 3");
  }
}
