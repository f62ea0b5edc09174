package io.millrace.benchmarks.path;

import io.millrace.benchmarks.NanosPerCall;
import io.millrace.engine.internal.plan.PStateStore;
import io.millrace.engine.internal.plan.PStateTables;
import io.millrace.engine.internal.store.StoreConfig;
import io.millrace.engine.internal.store.TieredStore;
import io.millrace.engine.internal.store.hot.ExecutionLock;
import io.millrace.engine.path.Path;
import io.millrace.engine.path.Terminal;
import io.millrace.engine.pstate.Scalar;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.state.SpaceOrder;
import io.millrace.engine.table.ByteSlice;
import io.millrace.engine.table.PagedTable;
import io.millrace.engine.table.ScanRequest;
import io.millrace.engine.table.Snapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Paths on one task of the store: point reads and writes beside a plain {@code HashMap}, and scans
 * of a whole table. The rows are those of the SQL anchors: a key and seven fields.
 */
public class PathBenchmark extends NanosPerCall {
  private static final long SEED = 7;
  private static final long STEP = 7919;

  /** A row. */
  public record User(
      String firstName,
      String lastName,
      String email,
      String city,
      int age,
      double balance,
      Instant lastModified) {}

  /** Number of rows. */
  @Param("200000")
  public int rows = 200_000;

  private final Map<Long, Long> plain = new HashMap<>();
  private final ByteSlice slice = new ByteSlice();
  private final byte[] wanted = "First17".getBytes(StandardCharsets.UTF_8);
  private java.nio.file.Path root = java.nio.file.Path.of(".");
  private @Nullable TieredStore store;
  private @Nullable PStateStore users;
  private @Nullable PStateStore counts;
  private @Nullable PagedTable table;
  private @Nullable Snapshot snapshot;
  private long next;

  /** Fills the store. */
  @Setup(Level.Trial)
  public void open() throws IOException {
    root = Files.createTempDirectory("paths");
    var lock = new ReentrantLock();
    store =
        TieredStore.open(
            StoreConfig.of(root, 1, SEED, 2L << 30),
            new ExecutionLock() {
              @Override
              public void acquire() {
                lock.lock();
              }

              @Override
              public void release() {
                lock.unlock();
              }
            });
    users = pstate("users", Schema.map(Scalar.LONG, Schema.of(User.class)));
    counts = pstate("counts", Schema.map(Scalar.LONG, Scalar.LONG));
    for (var id = 0L; id < rows; id++) {
      users.write(store.task(0), users.write(Path.key(id), Terminal.set(user(id))));
      counts.write(store.task(0), counts.write(Path.key(id), Terminal.set(id)));
      plain.put(id, id);
    }
    store.clearMutated();
    table = PStateTables.of(users, "m", "users", true).getFirst();
    snapshot = store.snapshot(1, 1, 0);
  }

  private PStateStore pstate(String name, Schema schema) {
    var open = Objects.requireNonNull(store);
    var family = name.equals("users") ? 1 : 2;
    return new PStateStore(
        name,
        schema,
        open.createSpace(family, SpaceOrder.HASH),
        open.createSpace(family, SpaceOrder.KEY),
        SEED);
  }

  private static User user(long id) {
    return new User(
        "First" + id * STEP % 200,
        "Last" + id * STEP % 2000,
        "user" + id + "@example.org",
        "City" + id % 100,
        (int) (18 + id % 60),
        id / 100.0,
        Instant.ofEpochMilli(1_700_000_000_000L + id));
  }

  /** Closes and deletes the store. */
  @TearDown(Level.Trial)
  public void close() throws IOException {
    Objects.requireNonNull(snapshot).close();
    Objects.requireNonNull(store).close();
    try (var files = Files.walk(root)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private long key() {
    next = (next + STEP) % rows;
    return next;
  }

  /** {@code key(k).update("plus", 1)}, path and plan made anew. */
  @Benchmark
  public void foldCount() {
    var pstate = Objects.requireNonNull(counts);
    pstate.write(task(), pstate.write(Path.key(key()), Terminal.update("plus", 1)));
  }

  /** The same on a {@code HashMap<Long, Long>}. */
  @Benchmark
  public Long foldCountInHashMap() {
    return Objects.requireNonNull(plain.merge(key(), 1L, Long::sum));
  }

  /** {@code key(k).set(record)}. */
  @Benchmark
  public void foldRecord() {
    var pstate = Objects.requireNonNull(users);
    var key = key();
    pstate.write(task(), pstate.write(Path.key(key), Terminal.set(user(key))));
  }

  /** {@code key(k).key("age").set(n)}. */
  @Benchmark
  public void foldField() {
    var pstate = Objects.requireNonNull(users);
    pstate.write(task(), pstate.write(Path.key(key()).key("age"), Terminal.set(5)));
  }

  /** {@code key(k).key("last_name")}. */
  @Benchmark
  public @Nullable Object readField() {
    var pstate = Objects.requireNonNull(users);
    return pstate.selectOne(task(), pstate.read(Path.key(key()).key("last_name")));
  }

  /** {@code key(k)}. */
  @Benchmark
  public @Nullable Object readRecord() {
    var pstate = Objects.requireNonNull(users);
    return pstate.selectOne(task(), pstate.read(Path.key(key())));
  }

  /** The same from path text. */
  @Benchmark
  public @Nullable Object readFieldByText() {
    var pstate = Objects.requireNonNull(users);
    return pstate.selectOne(task(), pstate.readText("[" + key() + ",\"last_name\"]"));
  }

  private io.millrace.engine.state.TaskState task() {
    return Objects.requireNonNull(store).task(0);
  }

  /** Rows with a first name, looked at in encoded form; a whole scan. */
  @Benchmark
  public int scanEqualText() {
    var hits = 0;
    try (var pages = pages()) {
      var row = pages.row();
      while (pages.next()) {
        for (var i = 0; i < pages.rows(); i++) {
          pages.at(i);
          row.getBytes(1, slice);
          hits += slice.contentEquals(wanted) ? 1 : 0;
        }
      }
    }
    return hits;
  }

  /** Sum of a number; a whole scan. */
  @Benchmark
  public long scanNumber() {
    var sum = 0L;
    try (var pages = pages()) {
      var row = pages.row();
      while (pages.next()) {
        for (var i = 0; i < pages.rows(); i++) {
          pages.at(i);
          sum += row.getLong(5);
        }
      }
    }
    return sum;
  }

  private io.millrace.engine.table.PageCursor pages() {
    return Objects.requireNonNull(table).pages(Objects.requireNonNull(snapshot), 0, null, null);
  }

  /** Every column of every row decoded; a whole scan. */
  @Benchmark
  public int scanDecoded() {
    var count = 0;
    var batch = new Object[1024][8];
    var request = new ScanRequest(new int[] {0, 1, 2, 3, 4, 5, 6, 7}, null, null);
    var scanned = Objects.requireNonNull(table);
    try (var cursor = scanned.scan(Objects.requireNonNull(snapshot), request)) {
      for (var n = cursor.next(batch); n > 0; n = cursor.next(batch)) {
        count += n;
      }
    }
    return count;
  }
}
