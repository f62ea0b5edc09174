package io.millrace.benchmarks.store;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A checkpoint of entries that are all dirty, from seal to durable. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2)
@Measurement(iterations = 3)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class CheckpointBenchmark {
  /** Number of dirty entries. */
  @Param("100000")
  public int keys;

  private StoreState state = new StoreState(0, 1 << 20);
  private long position;

  /** Fills the store. */
  @Setup(Level.Trial)
  public void fill() {
    state.close();
    state = new StoreState(keys, 4L << 30);
  }

  /** Makes every entry dirty. */
  @Setup(Level.Invocation)
  public void change() {
    for (int i = 0; i < keys; i++) {
      state.put(i);
    }
  }

  /** Closes the store. */
  @TearDown(Level.Trial)
  public void close() {
    state.close();
  }

  /** Makes the present state durable. */
  @Benchmark
  public long checkpoint() {
    state.checkpoint(++position);
    return state.store.longestBurstNanos();
  }
}
