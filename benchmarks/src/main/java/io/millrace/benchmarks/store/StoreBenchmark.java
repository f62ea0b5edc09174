package io.millrace.benchmarks.store;

import io.millrace.benchmarks.NanosPerCall;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One lookup and one overwrite of a resident entry, key, hash and slot included, beside {@code
 * HashMap<String, byte[]>}.
 */
@Warmup(iterations = 2, time = 1)
public class StoreBenchmark extends NanosPerCall {
  /** Number of keys. */
  @Param("100000")
  public int keys;

  private StoreState state = new StoreState(0, 1 << 20);
  private final Map<String, byte[]> map = new HashMap<>();

  /** Fills the store and the map. */
  @Setup(Level.Trial)
  public void fill() {
    state.close();
    state = new StoreState(keys, 4L << 30);
    for (int i = 0; i < keys; i++) {
      map.put(text(i), new byte[64]);
    }
  }

  /** Closes the store. */
  @TearDown(Level.Trial)
  public void close() {
    state.close();
  }

  private String text(int number) {
    return new String(state.key(number), java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  /** Finds an entry. */
  @Benchmark
  public boolean get() {
    return state.get(state.random(keys));
  }

  /** Finds out that an entry does not exist. */
  @Benchmark
  public boolean miss() {
    return state.get(keys + state.random(keys));
  }

  /** Overwrites an entry. */
  @Benchmark
  public boolean put() {
    return state.put(state.random(keys));
  }

  /** Finds an entry of the map. */
  @Benchmark
  public byte @Nullable [] mapGet() {
    return map.get(text(state.random(keys)));
  }
}
