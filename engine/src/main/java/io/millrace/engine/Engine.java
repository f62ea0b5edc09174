package io.millrace.engine;

import io.millrace.engine.depot.DepotClient;
import io.millrace.engine.depot.DepotReader;
import io.millrace.engine.depot.NoSpaceException;
import io.millrace.engine.depot.TokenWait;
import io.millrace.engine.health.DiskStatus;
import io.millrace.engine.health.HealthFacts;
import io.millrace.engine.internal.client.ModuleClients;
import io.millrace.engine.internal.log.JournalConfig;
import io.millrace.engine.internal.node.NodeHost;
import io.millrace.engine.internal.runtime.HostedModule;
import io.millrace.engine.internal.store.TieredStore;
import io.millrace.engine.internal.store.cold.OpenFiles;
import io.millrace.engine.internal.topology.ModuleHost;
import io.millrace.engine.module.EngineModule;
import io.millrace.engine.module.NativeModule;
import io.millrace.engine.state.Lane;
import io.millrace.engine.table.Snapshot;
import io.millrace.engine.table.Table;
import io.millrace.engine.topology.PStateClient;
import io.millrace.engine.topology.TopologyClient;
import io.millrace.engine.topology.TopologyControl;
import io.millrace.engine.topology.TopologyHealth;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/**
 * One engine over one data directory: journal, state, modules. The doors are given an Engine and
 * nothing else.
 */
public final class Engine implements AutoCloseable {
  private static final long SNAPSHOT_WAIT_NS = TimeUnit.SECONDS.toNanos(30);

  private final NodeHost host;
  private final List<HostedModule> hosted;

  private final ModuleClients modules;

  private Engine(EngineConfig config, NodeHost host, List<HostedModule> hosted) {
    this.host = host;
    this.hosted = hosted;
    modules = new ModuleClients(hosted, host.node(), config.tasks(), this::snapshot);
    host.health().add(() -> TopologyHealth.facts(modules.control().standings()));
  }

  /**
   * Opens or makes a data directory and recovers its state.
   *
   * @param natives native modules, such as the keyspace
   * @param onFatal told once when the journal can never be written again: the process must end
   * @throws IOException when the directory is in use, damaged, of a newer format, or not writable
   */
  public static Engine open(
      EngineConfig config, List<? extends NativeModule> natives, Consumer<Throwable> onFatal)
      throws IOException {
    return open(config, natives, List.of(), onFatal);
  }

  /**
   * Opens or makes a data directory and recovers its state.
   *
   * @param natives native modules, such as the keyspace
   * @param modules event-sourced modules
   * @param onFatal told once when the journal can never be written again: the process must end
   * @throws IOException when the directory is in use, damaged, of a newer format, or not writable
   */
  public static Engine open(
      EngineConfig config,
      List<? extends NativeModule> natives,
      List<? extends EngineModule> modules,
      Consumer<Throwable> onFatal)
      throws IOException {
    return openHosted(config, natives, modules.stream().map(ModuleHost::new).toList(), onFatal);
  }

  /** Opens with modules that are hosted in a way of their own; for tests. */
  public static Engine openHosted(
      EngineConfig config,
      List<? extends NativeModule> natives,
      List<ModuleHost> modules,
      Consumer<Throwable> onFatal)
      throws IOException {
    List<HostedModule> hosted = new ArrayList<>(NodeHost.natives(natives));
    hosted.addAll(modules);
    return new Engine(
        config, NodeHost.open(options(config, onFatal), hosted, config.retired()), hosted);
  }

  /** Opens with a fatal handler that only logs; for embedders and tests. */
  public static Engine open(EngineConfig config, List<? extends NativeModule> natives)
      throws IOException {
    return open(
        config, natives, e -> LoggerFactory.getLogger(Engine.class).error("fatal: journal", e));
  }

  static NodeHost.Options options(EngineConfig config, Consumer<Throwable> onFatal) {
    JournalConfig journal =
        JournalConfig.in(config.directory().resolve("journal"))
            .fsync(config.appendfsync().mode())
            .segmentBytes(config.checkpoints().segmentBytes());
    EngineConfig.Memory memory = config.memory();
    EngineConfig.Checkpoints checkpoints = config.checkpoints();
    return new NodeHost.Options(
        config.directory(),
        config.tasks(),
        journal,
        TieredStore::open,
        new NodeHost.Memory(memory.hotBytes(), memory.blockCacheBytes(), memory.memtableBytes()),
        new NodeHost.Checkpoints(
            checkpoints.journalBytes(),
            checkpoints.intervalMs(),
            checkpoints.keepJournal(),
            checkpoints.kept()),
        config.clockMs(),
        config.background(),
        config.folds().limits(config.background()),
        onFatal);
  }

  /** A lane for a door's event loop. */
  public Lane lane(Executor executor) {
    return host.node().lane(executor);
  }

  /**
   * A cut of all tasks for reading without the lock, once everything it shows is released
   * (invariant I2).
   */
  public Snapshot snapshot() {
    return snapshot(0);
  }

  /** The same, and the cut is not before a journal position. */
  public Snapshot snapshot(long atLeast) {
    Snapshot snapshot = host.node().snapshot(atLeast);
    if (!host.node().awaitReleased(snapshot.position(), SNAPSHOT_WAIT_NS)) {
      snapshot.close();
      if (host.node().journal().full()) {
        throw new NoSpaceException();
      }
      throw new IllegalStateException(
          "The journal could not be written in time: position=" + snapshot.position());
    }
    return snapshot;
  }

  /**
   * A wait for what a token names.
   *
   * @throws io.millrace.engine.depot.TokenException when it is no token, or its depot is not here
   */
  public TokenWait waitFor(String token) {
    return modules.waitFor(token);
  }

  /**
   * A depot.
   *
   * @param name {@code module/depot}, or the depot alone where it is the only one of that name
   * @throws IllegalArgumentException when there is none, naming those there are
   */
  public DepotClient<Object> depot(String name) {
    return modules.depot(name);
  }

  /** All depots of event-sourced modules. */
  public List<DepotClient<Object>> depots() {
    return modules.depots();
  }

  /**
   * A pstate.
   *
   * @param name {@code module/pstate}, or the pstate alone where it is the only one of that name
   * @throws IllegalArgumentException when there is none, naming those there are
   */
  public PStateClient pstate(String name) {
    return modules.pstate(name);
  }

  /** All pstates. */
  public List<PStateClient> pstates() {
    return modules.pstates();
  }

  /**
   * A topology.
   *
   * @param name {@code module/topology}, or the topology alone where it is the only one
   * @throws IllegalArgumentException when there is none, naming those there are
   */
  public TopologyClient topology(String name) {
    return modules.topology(name);
  }

  /** All topologies. */
  public List<TopologyClient> topologies() {
    return modules.topologies();
  }

  /** Where the topologies stand, and the ends of their stops: the one way in for all doors. */
  public TopologyControl control() {
    return modules.control();
  }

  /** Tables of all modules and of the {@code sys} schema. */
  public List<Table> tables() {
    List<Table> tables = new ArrayList<>(host.sysTables());
    hosted.forEach(module -> tables.addAll(module.tables()));
    tables.addAll(modules.tables());
    return tables;
  }

  /** Bytes of memory that state and its index occupy: what {@code maxmemory} is compared with. */
  public long usedMemoryBytes() {
    return host.usedMemoryBytes();
  }

  /** Takes a cut, makes it durable, and returns its journal position. */
  public long checkpoint() throws IOException {
    return host.checkpoint();
  }

  /** One round of background work, for an engine without threads of its own. */
  public void housekeep() throws IOException {
    host.housekeep();
  }

  /**
   * Reads events of a depot back, from the first kept one whose offset is at least {@code
   * fromOffset}.
   *
   * @param name depot, as {@code module/name}
   * @throws IllegalArgumentException when there is no such depot
   */
  public DepotReader readDepot(String name, int partition, long fromOffset) {
    return host.depots().read(depotNumber(name), partition, fromOffset);
  }

  /**
   * Reads events of a depot back, from the first kept one whose stamp is at least {@code
   * fromTimeMs}.
   *
   * @param name depot, as {@code module/name}
   * @throws IllegalArgumentException when there is no such depot
   */
  public DepotReader readDepotAt(String name, int partition, long fromTimeMs) {
    return host.depots().readAt(depotNumber(name), partition, fromTimeMs);
  }

  private int depotNumber(String name) {
    Integer number = host.depotId(name);
    if (number == null) {
      throw new IllegalArgumentException("There is no depot " + name);
    }
    return number;
  }

  /** Logical hash of all state. */
  public long digest() {
    return host.digest();
  }

  /** Logical hash of all state, for a caller that holds the execution. */
  public long digestHeld() {
    return host.node().digest();
  }

  /**
   * What there is to know about the health of this engine, and of the process around it: whoever
   * owns the engine may add sources. May be asked by any thread at any time.
   */
  public HealthFacts health() {
    return host.health();
  }

  /** Counters of this engine. */
  public EngineStatus status() {
    return new EngineStatus(
        host.node().journal().appended(),
        host.node().journal().written(),
        host.node().journal().synced(),
        host.checkpointPosition(),
        host.checkpoints(),
        host.node().journal().epoch(),
        host.node().diskFull(),
        host.flushes(),
        host.node().journal().truncatedSegments(),
        host.checkpointPhase());
  }

  /** Descriptors that the files of an engine in this process may take: not for connections. */
  public static int filesNeeded() {
    return OpenFiles.most();
  }

  /** How the disk is doing: space, and the checkpoints that need it. */
  public DiskStatus disk() {
    return host.disk();
  }

  /**
   * True while a fold runs too long and cannot be ended: it holds the execution lock, {@link
   * #close} would wait for it for ever, and only the end of the process helps. See {@link #health}.
   */
  public boolean isHeld() {
    return host.isHeld();
  }

  /**
   * Writes and syncs what the journal has been given, whoever holds the execution lock: for a
   * process that is about to end without {@link #close}.
   *
   * @throws IOException when the journal cannot be written
   */
  public void flushJournal() throws IOException {
    host.flushJournal();
  }

  /** Ends as a crash would: nothing more is written; for tests. */
  public void abandon() throws IOException {
    host.abandon();
  }

  @Override
  public void close() throws IOException {
    host.close();
  }
}
