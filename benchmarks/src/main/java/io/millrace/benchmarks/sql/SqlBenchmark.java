package io.millrace.benchmarks.sql;

import java.net.BindException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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

/** How statements are measured: whole, through a session, in milliseconds. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public abstract class SqlBenchmark {
  private @Nullable SqlBench bench;

  /** Rows of the table. */
  abstract int tableRows();

  /** Starts the door over the rows. */
  @Setup
  public void open() throws BindException {
    bench = new SqlBench(tableRows());
  }

  /** Runs a statement to its end; returns the number of rows. */
  final long run(String sql) {
    return Objects.requireNonNull(bench).run(sql);
  }

  /** Stops it. */
  @TearDown
  public void close() {
    Objects.requireNonNull(bench).close();
  }
}
