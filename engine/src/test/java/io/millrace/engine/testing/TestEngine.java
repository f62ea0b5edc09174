package io.millrace.engine.testing;

import io.millrace.engine.Engine;
import io.millrace.engine.EngineConfig;
import io.millrace.engine.depot.DepotClient;
import io.millrace.engine.internal.stage.StageFaults;
import io.millrace.engine.internal.topology.ModuleHost;
import io.millrace.engine.module.EngineModule;
import io.millrace.engine.table.Column;
import io.millrace.engine.table.ScanRequest;
import io.millrace.engine.topology.PStateClient;
import io.millrace.engine.topology.TopologyClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A whole engine in this process, on a directory of its own that is deleted at the end. It has no
 * threads: time, checkpoints, restarts and faults happen when the test says so.
 */
public final class TestEngine implements AutoCloseable {
  private static final StageFaults NO_FAULTS = (topology, place, task) -> {};

  private final Path root;
  private final Path directory;
  private final Builder how;
  private List<EngineModule> modules;
  private final SimulatedClock clock;
  private final AtomicReference<StageFaults> faults = new AtomicReference<>(NO_FAULTS);
  private final AtomicReference<@Nullable Throwable> fatal = new AtomicReference<>();
  private List<ModuleHost> hosts;
  private Engine engine;
  private Set<String> retired = Set.of();
  private int copies;

  private TestEngine(Builder how) {
    this.how = how;
    modules = how.modules;
    this.clock = how.clock;
    try {
      root = Files.createTempDirectory("millrace-test");
      directory = root.resolve("data");
      hosts = host();
      engine = open(directory, hosts, Set.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts an engine of four tasks with some modules. */
  public static TestEngine start(EngineModule... modules) {
    return builder(modules).start();
  }

  /** An engine to be described. */
  public static Builder builder(EngineModule... modules) {
    return new Builder(List.of(modules));
  }

  /** How a test engine shall be. */
  public static final class Builder {
    private final List<EngineModule> modules;
    private final SimulatedClock clock = new SimulatedClock();
    private UnaryOperator<EngineConfig> config = UnaryOperator.identity();
    private int tasks = 4;
    private int stagesPerRecord = 1024;

    private Builder(List<EngineModule> modules) {
      this.modules = modules;
    }

    /** Number of tasks. */
    public Builder tasks(int value) {
      tasks = value;
      return this;
    }

    /** How many stages run for one record before the rest waits. */
    public Builder stagesPerRecord(int value) {
      stagesPerRecord = value;
      return this;
    }

    /** Changes the configuration of the engine. */
    public Builder config(UnaryOperator<EngineConfig> change) {
      config = change;
      return this;
    }

    /** Starts it. */
    public TestEngine start() {
      return new TestEngine(this);
    }
  }

  private List<ModuleHost> host() {
    var options =
        new ModuleHost.Options(
            how.stagesPerRecord,
            (topology, place, task) -> faults.get().beforeStage(topology, place, task));
    return modules.stream().map(module -> new ModuleHost(module, options)).toList();
  }

  private Engine open(Path where, List<ModuleHost> modules, Set<String> retire) throws IOException {
    var usual =
        EngineConfig.in(where)
            .withTasks(how.tasks)
            .withAppendfsync(EngineConfig.FsyncPolicy.NO)
            .withMemory(64 << 20, 8 << 20)
            .withKeepJournal(true)
            .withClock(clock)
            .withBackground(false)
            .withRetired(retire);
    return Engine.openHosted(how.config.apply(usual), List.of(), modules, fatal::set);
  }

  /** The engine itself. */
  public Engine engine() {
    return engine;
  }

  /** A depot, by its name or {@code module/name}. */
  public DepotClient<Object> depot(String name) {
    return engine.depot(name);
  }

  /** A pstate, by its name or {@code module/name}. */
  public PStateClient pstate(String name) {
    return engine.pstate(name);
  }

  /** A topology, by its name or {@code module/name}. */
  public TopologyClient topology(String name) {
    return engine.topology(name);
  }

  /** Some columns of all rows of a table, with a space between. */
  public List<String> rows(String name, String... columns) {
    var table =
        engine.tables().stream()
            .filter(one -> (one.schema() + "." + one.name()).equals(name))
            .findFirst()
            .orElseThrow();
    var all = table.columns().stream().map(Column::name).toList();
    var wanted = Arrays.stream(columns).mapToInt(all::indexOf).toArray();
    var rows = new ArrayList<String>();
    var batch = new Object[16][wanted.length];
    try (var snapshot = engine.snapshot();
        var cursor = table.scan(snapshot, new ScanRequest(wanted, null, null))) {
      for (var count = cursor.next(batch); count > 0; count = cursor.next(batch)) {
        for (var row : Arrays.asList(batch).subList(0, count)) {
          rows.add(Arrays.stream(row).map(String::valueOf).collect(Collectors.joining(" ")));
        }
      }
    }
    return rows;
  }

  /** The clock. */
  public SimulatedClock clock() {
    return clock;
  }

  /** Asks a test before each attempt of a stage; it may throw. */
  public void failStages(StageFaults faults) {
    this.faults.set(faults);
  }

  /** No more faults. */
  public void healStages() {
    faults.set(NO_FAULTS);
  }

  /** Takes a cut and makes it durable. */
  public void checkpoint() {
    try {
      engine.checkpoint();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One round of background work: waiting hops are run, topologies catch up. */
  public void housekeep() {
    try {
      engine.housekeep();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Logical hash of all state. */
  public long digest() {
    return engine.digest();
  }

  /** Stops in an orderly way and starts again. */
  public void restart() {
    reopen(true);
  }

  /** Ends like a killed process and starts again: what was written is folded from the journal. */
  public void crash() {
    reopen(false);
  }

  private void reopen(boolean orderly) {
    stop(orderly);
    start();
  }

  /** Stops, in order or as a killed process would; {@link #startWith} goes on. */
  public void stop(boolean orderly) {
    try {
      if (orderly) {
        engine.close();
      } else {
        engine.abandon();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void start() {
    try {
      hosts = host();
      engine = open(directory, hosts, retired);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts a stopped engine with other modules, or other versions of them. */
  public void startWith(EngineModule... others) {
    modules = List.of(others);
    start();
  }

  /** Names what the next starts give up. */
  public void retire(String... names) {
    retired = Set.of(names);
  }

  /** Hash of the state that the kept journal folds to, from nothing, in a directory of its own. */
  public long refoldFromZero() {
    var copy = root.resolve("refold-" + copies++);
    try {
      copyTree(directory.resolve("journal"), copy.resolve("journal"));
      if (Files.isDirectory(directory.resolve("archive"))) {
        copyTree(directory.resolve("archive"), copy.resolve("journal"));
      }
      Files.copy(directory.resolve("FORMAT"), copy.resolve("FORMAT"));
      try (var refolded = open(copy, host(), Set.of())) {
        return refolded.digest();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (var file : files.toList()) {
        var target = to.resolve(from.relativize(file));
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else if (!Files.exists(target)) {
          Files.copy(file, target);
        }
      }
    }
  }

  /** What has been done since the last start. */
  public Counters counters() {
    var sums = new long[10];
    for (var host : hosts) {
      var folds = host.counters();
      sums[0] += folds.records();
      sums[1] += folds.stages();
      sums[2] += folds.hops();
      sums[3] += folds.waited();
      sums[4] += folds.appends();
      sums[5] += folds.failures();
      host.addIo(sums, 6);
    }
    return new Counters(
        sums[0],
        sums[1],
        sums[2],
        sums[3],
        sums[4],
        sums[5],
        sums[6],
        sums[7],
        sums[8],
        sums[9],
        engine.status().checkpoints());
  }

  @Override
  public void close() {
    try {
      engine.close();
      var failure = fatal.get();
      if (failure != null) {
        throw new IllegalStateException("the engine failed", failure);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      delete(root);
    }
  }

  private static void delete(Path root) {
    try (var files = Files.walk(root)) {
      var all = new ArrayList<>(files.toList());
      all.sort(Comparator.reverseOrder());
      for (var file : all) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
