package io.millrace.benchmarks.state;

import io.millrace.benchmarks.NanosPerCall;
import io.millrace.engine.internal.store.StoreConfig;
import io.millrace.engine.internal.store.TieredStore;
import io.millrace.engine.internal.store.hot.ExecutionLock;
import io.millrace.engine.state.KeyHash;
import io.millrace.engine.state.Ref;
import io.millrace.engine.state.SpaceOrder;
import io.millrace.engine.state.TaskState;
import io.millrace.engine.tree.LeafPage;
import io.millrace.engine.tree.PageTree;
import io.millrace.engine.tree.TreeShape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One tree of {@value #ROWS} rows of 100 bytes over the real store, at several page sizes, beside
 * the same rows as one entry each. A scan reads a number out of each row, as a filter does.
 */
@Warmup(iterations = 2, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED", "-Xmx1500m"})
public class PageTreeBenchmark extends NanosPerCall {
  private static final int ROWS = 1_000_000;
  private static final int KEY = 8;
  private static final int VALUE = 92;
  private static final long SEED = 1;
  private static final byte[] NAME = {1};

  /** Size of pages. */
  @Param({"1024", "4096", "8192", "16384"})
  public int pageBytes;

  private final SplittableRandom random = new SplittableRandom(7);
  private final Ref owner = new Ref();
  private final Ref found = new Ref();
  private final byte[] key = new byte[KEY];
  private final byte[] value = new byte[VALUE];
  private Path directory = Path.of(".");
  private @Nullable TieredStore store;
  private @Nullable TaskState task;
  private @Nullable PageTree tree;
  private int rows;

  private static final class NoLock implements ExecutionLock {
    @Override
    public void acquire() {}

    @Override
    public void release() {}
  }

  /** Fills a tree in random order of keys, and a space with the same rows. */
  @Setup(Level.Trial)
  public void open() throws IOException {
    directory = Files.createTempDirectory("millrace-tree");
    var opened = TieredStore.open(StoreConfig.of(directory, 1, SEED, 1L << 30), new NoLock());
    store = opened;
    int entries = opened.createSpace(1, SpaceOrder.HASH);
    int pages = opened.createSpace(1, SpaceOrder.KEY);
    rows = opened.createSpace(1, SpaceOrder.HASH);
    TaskState live = opened.task(0);
    task = live;
    live.put(entries, NAME, 0, 1, KeyHash.hash(NAME, 0, 1, SEED), 0, 0, NAME, 0, 0, owner);
    var made = new PageTree(TreeShape.keyed(pageBytes, 0, 0));
    made.bind(live, pages, owner, 0);
    tree = made;
    for (int i = 0; i < ROWS; i++) {
      row(i);
      made.put(key, 0, KEY, value, 0, VALUE);
      live.put(rows, key, 0, KEY, KeyHash.hash(key, 0, KEY, SEED), 0, 0, value, 0, VALUE, null);
    }
  }

  /** Key and value of a row: keys are scattered, and the same row always has the same. */
  private void row(int i) {
    ByteBuffer.wrap(key).putLong(i * 0x9E3779B97F4A7C15L);
    ByteBuffer.wrap(value).putInt(40, i);
  }

  /** Closes the store. */
  @TearDown(Level.Trial)
  public void close() throws IOException {
    Objects.requireNonNull(store).close();
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Finds a random row. */
  @Benchmark
  public boolean find() {
    row(random.nextInt(ROWS));
    return Objects.requireNonNull(tree).find(key, 0, KEY);
  }

  /** Rank of a random row. */
  @Benchmark
  public long rank() {
    row(random.nextInt(ROWS));
    return Objects.requireNonNull(tree).rank(key, 0, KEY);
  }

  /** Finds the row of a random rank. */
  @Benchmark
  public boolean findAt() {
    return Objects.requireNonNull(tree).findAt(random.nextInt(ROWS));
  }

  /** Removes a random row and inserts it again: two changes. */
  @Benchmark
  public boolean removeAndInsert() {
    row(random.nextInt(ROWS));
    var in = Objects.requireNonNull(tree);
    in.remove(key, 0, KEY);
    return in.put(key, 0, KEY, value, 0, VALUE);
  }

  /** Replaces a value by one of the same length. */
  @Benchmark
  public boolean replace() {
    row(random.nextInt(ROWS));
    return Objects.requireNonNull(tree).put(key, 0, KEY, value, 0, VALUE);
  }

  /** A number of each row, over the leaves of the tree. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long scanPages() {
    long[] sum = {0};
    Objects.requireNonNull(tree)
        .visitLeaves(leaf -> {
          sum[0] += sum(leaf);
          return true;
        });
    return sum[0];
  }

  private static long sum(LeafPage leaf) {
    long sum = 0;
    for (int i = 0; i < leaf.count(); i++) {
      leaf.at(i);
      sum += number(leaf.array, leaf.valueOffset + 40);
    }
    return sum;
  }

  private static int number(byte[] array, int at) {
    return array[at] << 24
        | (array[at + 1] & 0xFF) << 16
        | (array[at + 2] & 0xFF) << 8
        | array[at + 3] & 0xFF;
  }

  /** A number of each row, where each row is an entry. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long scanEntries() {
    long[] sum = {0};
    Objects.requireNonNull(task)
        .scan(
            rows,
            0,
            -1,
            entry -> {
              sum[0] += number(entry.array, entry.offset + 40);
              return true;
            });
    return sum[0];
  }

  /** Finds a random row that is an entry. */
  @Benchmark
  public boolean findEntry() {
    row(random.nextInt(ROWS));
    return Objects.requireNonNull(task)
        .find(rows, key, 0, KEY, KeyHash.hash(key, 0, KEY, SEED), found);
  }
}
