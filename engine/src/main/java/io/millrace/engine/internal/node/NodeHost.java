package io.millrace.engine.internal.node;

import io.millrace.engine.health.DiskStatus;
import io.millrace.engine.health.HealthFact;
import io.millrace.engine.health.HealthFacts;
import io.millrace.engine.internal.depots.DepotSegments;
import io.millrace.engine.internal.file.DiskFullException;
import io.millrace.engine.internal.file.FileLayer;
import io.millrace.engine.internal.guard.FoldGuard;
import io.millrace.engine.internal.guard.FoldLimits;
import io.millrace.engine.internal.guard.FoldWatch;
import io.millrace.engine.internal.guard.HeldFold;
import io.millrace.engine.internal.guard.StopMarks;
import io.millrace.engine.internal.guard.Watchdog;
import io.millrace.engine.internal.log.Journal;
import io.millrace.engine.internal.log.JournalConfig;
import io.millrace.engine.internal.runtime.HostedModule;
import io.millrace.engine.internal.runtime.ModuleRegistry;
import io.millrace.engine.internal.runtime.NativeHosted;
import io.millrace.engine.internal.runtime.Node;
import io.millrace.engine.internal.runtime.NodeExecution;
import io.millrace.engine.internal.runtime.NodeLock;
import io.millrace.engine.internal.runtime.Recovery;
import io.millrace.engine.internal.store.StoreConfig;
import io.millrace.engine.internal.store.StoreOpener;
import io.millrace.engine.internal.store.TieredStore;
import io.millrace.engine.internal.store.cold.StoreFullException;
import io.millrace.engine.internal.store.cut.CutInfo;
import io.millrace.engine.module.ModuleChangeException;
import io.millrace.engine.module.NativeModule;
import io.millrace.engine.table.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens, runs and closes a node over a data directory: FORMAT, journal, store, recovery, and the
 * background thread.
 */
public final class NodeHost implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeHost.class);
  private static final long BACKGROUND_NS = 10_000_000;

  /** How long an orderly stop lets waiting work run before it leaves the rest to the next start. */
  private static final long DRAIN_NS = 5_000_000_000L;

  /** Where journal segments go that are no longer needed, when they are kept. */
  static final String ARCHIVE = "archive";

  /**
   * Budgets of the store.
   *
   * @param hotBytes budget of the hot tier
   * @param blockCacheBytes budget of the cold tier's block cache
   * @param memtableBytes size of the cold tier's memtables
   */
  public record Memory(long hotBytes, long blockCacheBytes, long memtableBytes) {}

  /**
   * When checkpoints are made and what is kept behind them.
   *
   * @param journalBytes journal growth that starts one
   * @param intervalMs time that starts one when anything changed
   * @param keepJournal whether segments that are no longer needed are archived
   * @param kept how many are kept beside the newest state
   */
  public record Checkpoints(long journalBytes, long intervalMs, boolean keepJournal, int kept) {}

  /** How to open a node. */
  public record Options(
      Path directory,
      int tasks,
      JournalConfig journal,
      StoreOpener stores,
      Memory memory,
      Checkpoints checkpoints,
      LongSupplier clockMs,
      boolean background,
      FoldLimits folds,
      Consumer<Throwable> onFatal) {

    /** With the usual limits of folds. */
    public Options(
        Path directory,
        int tasks,
        JournalConfig journal,
        StoreOpener stores,
        Memory memory,
        Checkpoints checkpoints,
        LongSupplier clockMs,
        boolean background,
        Consumer<Throwable> onFatal) {
      this(
          directory,
          tasks,
          journal,
          stores,
          memory,
          checkpoints,
          clockMs,
          background,
          FoldLimits.standard(background),
          onFatal);
    }

    /** The same in another directory. */
    Options in(Path other) {
      JournalConfig there =
          JournalConfig.in(other.resolve("journal"))
              .segmentBytes(journal.segmentBytes())
              .reserveBytes(0);
      return new Options(
          other, tasks, there, stores, memory, checkpoints, clockMs, false, folds, onFatal);
    }

    StoreConfig store(long hashSeed) {
      return new StoreConfig(
          state(),
          tasks,
          hashSeed,
          memory.hotBytes,
          memory.blockCacheBytes,
          memory.memtableBytes,
          StoreConfig.preservedBytes(memory.hotBytes));
    }

    Path state() {
      return directory.resolve("state");
    }
  }

  private final Options options;
  private final DirectoryLock directoryLock;
  private final TieredStore store;
  private final Journal journal;
  private final DepotSegments depots;
  private final Node node;
  private final Checkpointer checkpointer;
  private final DiskWatch disk;
  private final StopMarks marks;
  private final long recoveredTo;
  private final HealthFacts health = new HealthFacts();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean closing;
  private volatile @Nullable Throwable failure;

  private NodeHost(
      Options options,
      DirectoryLock directoryLock,
      TieredStore store,
      Journal journal,
      DepotSegments depots,
      Node node,
      Checkpointer checkpointer,
      DiskWatch disk,
      StopMarks marks,
      long recoveredTo) {
    this.disk = disk;
    this.marks = marks;
    this.recoveredTo = recoveredTo;
    this.options = options;
    this.directoryLock = directoryLock;
    this.store = store;
    this.journal = journal;
    this.depots = depots;
    this.node = node;
    this.checkpointer = checkpointer;
    journal.onFatal(this::fatal);
    depots.onFatal(this::fatal);
    health.add(disk::facts);
    health.add(this::foldFacts);
    if (options.background) {
      depots.start();
      store.learnColdEntries();
      // On a thread of its own: what is folded behind may take long, and fills the disk.
      threads.add(start("millrace-disk", disk::look));
      threads.add(start("millrace-housekeeping", node::housekeep));
      threads.add(start("millrace-checkpoint", this::checkpointWhenDue));
      store.checkpointsComeByThemselves();
    }
  }

  private Thread start(String name, Runnable step) {
    return Thread.ofPlatform().name(name).daemon().start(() -> repeat(step));
  }

  /** Adapts native modules so that they can be hosted beside others. */
  public static List<HostedModule> natives(List<? extends NativeModule> modules) {
    List<HostedModule> hosted = new ArrayList<>();
    modules.forEach(module -> hosted.add(new NativeHosted(module)));
    return hosted;
  }

  /**
   * Opens a directory and recovers.
   *
   * @throws IOException when the directory is in use, damaged, newer, or cannot be written; the
   *     message says which file and what to do
   */
  public static NodeHost open(Options options, List<HostedModule> modules) throws IOException {
    return open(options, modules, Set.of());
  }

  /**
   * The same, giving up what a directory holds of modules that are not there any more.
   *
   * @param retire names of modules, or {@code module/name} of what a module does not declare
   * @throws ModuleChangeException when the directory holds what the modules would lose, skip or
   *     misread
   */
  public static NodeHost open(Options options, List<HostedModule> modules, Set<String> retire)
      throws IOException {
    DataDirectory.prepare(options.journal.files(), options.directory);
    Deque<Closing> opened = new ArrayDeque<>();
    boolean done = false;
    try {
      NodeHost host = open(options, modules, retire, opened);
      done = true;
      return host;
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof ModuleChangeException refused) {
        throw refused;
      }
      throw e;
    } finally {
      while (!done && !opened.isEmpty()) {
        opened.pop().close();
      }
    }
  }

  /** What a start that fails gives back, so that the next one finds nothing in its way. */
  @FunctionalInterface
  private interface Closing {
    void close() throws IOException;
  }

  private static NodeHost open(
      Options options, List<HostedModule> modules, Set<String> retire, Deque<Closing> closing)
      throws IOException {
    // First of all: two modules of one name must not even touch the directory.
    ModuleRegistry.checkNames(modules);
    DirectoryLock directoryLock = DirectoryLock.take(options.directory);
    closing.push(directoryLock::close);
    FileLayer files = options.journal.files();
    FormatFile format = FormatFile.openOrCreate(files, options.directory, options.tasks);
    NodeLock lock = new NodeLock();
    files.createDirectories(options.state());
    TieredStore store = options.stores.open(options.store(format.hashSeed()), lock);
    closing.push(store::close);
    @Nullable CutInfo cut = store.lastCut();
    long cutPosition = cut == null ? 0 : cut.position();
    Journal.Opened opened = Journal.open(options.journal.salt(format.hashSeed()), cutPosition);
    Journal journal = opened.journal();
    closing.push(journal::abandon);
    ModuleRegistry registry = new ModuleRegistry(modules, options.tasks, format.hashSeed());
    StopMarks marks = StopMarks.open(files, options.directory);
    FoldGuard guard = new FoldGuard(new FoldWatch(), options.folds, marks, options.onFatal);
    Watchdog watchdog = new Watchdog(guard.watch(), options.folds, marks);
    NodeExecution execution =
        new NodeExecution(
            store, journal, registry, options.tasks, options.journal.referenceBytes(), guard);
    Node node = new Node(lock, store, journal, registry, execution, options.clockMs, watchdog);
    closing.push(node::close);
    watchdog.start();
    Recovery.run(node, cut, retire);
    DepotSegments depots = KeptDepots.open(options, journal, registry, format);
    node.depots(depots);
    depots.needed(() -> KeptDepots.needed(node, registry));
    DiskWatch disk =
        new DiskWatch(
            options.directory, journal, new KeptDepots.StoreTables(store, journal, depots));
    journal.roomForReserve(disk::spares);
    depots.roomToPack(disk::spares);
    node.refuseWhile(disk::tight);
    Checkpointer checkpointer =
        new Checkpointer(
            node,
            new Checkpointer.Settings(
                options.checkpoints.journalBytes, options.checkpoints.intervalMs, archive(options)),
            KeptCheckpoints.open(options.directory, options.checkpoints.kept),
            () -> KeptDepots.copied(depots),
            disk,
            cutPosition);
    if (registry.retiredNow()) {
      // Only a cut that knows of it may let the files go.
      first(checkpointer);
    }
    KeptDepots.deleteRetired(options, registry);
    return new NodeHost(
        options,
        directoryLock,
        store,
        journal,
        depots,
        node,
        checkpointer,
        disk,
        marks,
        opened.end());
  }

  private static void first(Checkpointer checkpointer) throws IOException {
    try {
      checkpointer.checkpoint();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while taking a checkpoint", e);
    }
  }

  private static @Nullable Path archive(Options options) throws IOException {
    if (!options.checkpoints.keepJournal) {
      return null;
    }
    Path archive = options.directory.resolve(ARCHIVE);
    options.journal.files().createDirectories(archive);
    return archive;
  }

  private void repeat(Runnable step) {
    while (!closing) {
      try {
        step.run();
        LockSupport.parkNanos(this, BACKGROUND_NS);
      } catch (RuntimeException | Error e) {
        fatal(e);
        return;
      }
    }
  }

  private void checkpointWhenDue() {
    if (!checkpointer.due()) {
      return;
    }
    try {
      checkpointed();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | StoreFullException e) {
      // The last checkpoint stands and nothing was truncated; the next round tries again.
      LOG.warn("checkpoint failed, keeping the last one: {}", e.toString());
      LockSupport.parkNanos(this, 100 * BACKGROUND_NS);
    }
  }

  private long checkpointed() throws IOException, InterruptedException {
    long taken = marks.taken();
    long position = checkpointer.checkpoint();
    // The stops made of the marks are in the cut: nobody needs these any more.
    marks.save(taken);
    return position;
  }

  private void fatal(Throwable cause) {
    if (failure == null && !closing) {
      failure = cause;
      options.onFatal.accept(cause);
    }
  }

  /** How the disk is doing. */
  public DiskStatus disk() {
    return disk.status();
  }

  private List<HealthFact> foldFacts() {
    Watchdog watchdog = node.watchdog();
    HeldFold held = watchdog == null ? null : watchdog.held();
    return List.of(
        held == null
            ? HealthFact.good("fold_overdue", "no fold runs too long")
            : new HealthFact(
                "fold_overdue",
                HealthFact.Severity.NOT_LIVE,
                "a fold runs too long and holds the node: " + held + "; the log has its stack",
                1));
  }

  /** True when a fold holds the execution lock and cannot be ended: only the process can. */
  public boolean isHeld() {
    Watchdog watchdog = node.watchdog();
    return watchdog != null && watchdog.isLost();
  }

  /**
   * Writes and syncs what the journal has been given, without the execution lock.
   *
   * @throws IOException when the journal cannot be written
   */
  public void flushJournal() throws IOException {
    journal.write();
    try {
      journal.syncThrough(journal.written());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while the journal was synced", e);
    }
  }

  /** What the parts of this node tell about its health. */
  public HealthFacts health() {
    return health;
  }

  /** The node. */
  public Node node() {
    return node;
  }

  /** Segments of the depots that outlive the checkpoint. */
  public DepotSegments depots() {
    return depots;
  }

  /** Id of a depot by full name, or null. */
  public @Nullable Integer depotId(String fullName) {
    return node.registry().depotId(fullName);
  }

  /** Tables of the {@code sys} schema. */
  public List<Table> sysTables() {
    return new SysTables(node, options.tasks).all();
  }

  /** Takes a cut and makes it durable; returns its position. */
  public long checkpoint() throws IOException {
    try {
      return checkpointed();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while taking a checkpoint", e);
    }
  }

  /** One round of what the background thread does besides checkpoints. */
  public void housekeep() throws IOException {
    depots.copyStep();
    node.housekeep();
    depots.tidy();
  }

  /** Bytes of memory that entries and their index occupy. */
  public long usedMemoryBytes() {
    return store.liveBytes();
  }

  /** Number of checkpoints since the start. */
  public long checkpoints() {
    return checkpointer.completed();
  }

  /** Position up to which the journal was found at the start. */
  public long recoveredTo() {
    return recoveredTo;
  }

  /** Flushes of the cold tier since the start. */
  public long flushes() {
    return store.flushes();
  }

  /** What the checkpoint does now, in lower case. */
  public String checkpointPhase() {
    return checkpointer.phase().name().toLowerCase(Locale.ROOT);
  }

  /** Position of the last durable cut. */
  public long checkpointPosition() {
    return checkpointer.position();
  }

  /** Logical hash of all state at the newest record's stamp. */
  public long digest() {
    node.lock().acquire();
    try {
      return node.digest();
    } finally {
      node.lock().release();
    }
  }

  /** Stops: a last checkpoint when nothing failed, then journal and store are closed. */
  @Override
  public void close() throws IOException {
    if (closing) {
      return;
    }
    closing = true;
    node.stopping();
    stopThreads();
    try {
      if (failure == null && !journal.full()) {
        drain();
        lastCheckpoint();
      }
    } finally {
      closeFiles();
    }
  }

  /** The next version of a module may have no place for what waits in this one. */
  private void drain() {
    long deadline = System.nanoTime() + DRAIN_NS;
    while (System.nanoTime() < deadline && node.drainSome()) {
      // Each round runs some of what waits.
    }
  }

  /** The journal has all there is: a disk without room for a checkpoint is no failure. */
  private void lastCheckpoint() throws IOException {
    try {
      checkpoint();
    } catch (StoreFullException | DiskFullException e) {
      LOG.warn("no checkpoint at the end, the next start folds the journal: {}", e.getMessage());
    }
  }

  /** Stops as a crash would: nothing is written, synced or flushed any more. */
  public void abandon() throws IOException {
    if (closing) {
      return;
    }
    closing = true;
    node.stopping();
    stopThreads();
    node.close();
    depots.abandon();
    journal.abandon();
    store.close();
    directoryLock.close();
  }

  private void closeFiles() throws IOException {
    node.close();
    try {
      closeLogs();
    } finally {
      store.close();
      directoryLock.close();
    }
  }

  /** The journal ends its thread even when the copies behind it cannot be finished. */
  private void closeLogs() throws IOException {
    try {
      depots.close();
    } catch (DiskFullException e) {
      // The journal keeps what is not copied: the next start goes on with it.
      LOG.warn("depots are not copied to the end: {}", e.getMessage());
    } finally {
      journal.close();
    }
  }

  private void stopThreads() {
    threads.forEach(LockSupport::unpark);
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
