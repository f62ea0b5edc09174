package io.millrace.engine.internal.node;

import io.millrace.engine.internal.file.DiskFiles;
import io.millrace.engine.internal.file.FileLayer;
import io.millrace.engine.internal.guard.FoldGuard;
import io.millrace.engine.internal.guard.FoldWatch;
import io.millrace.engine.internal.guard.StopMarks;
import io.millrace.engine.internal.log.DamageException;
import io.millrace.engine.internal.log.Journal;
import io.millrace.engine.internal.log.JournalCheck;
import io.millrace.engine.internal.runtime.HostedModule;
import io.millrace.engine.internal.runtime.ModuleRegistry;
import io.millrace.engine.internal.runtime.Node;
import io.millrace.engine.internal.runtime.NodeExecution;
import io.millrace.engine.internal.runtime.NodeLock;
import io.millrace.engine.internal.runtime.Recovery;
import io.millrace.engine.internal.store.TieredStore;
import io.millrace.engine.internal.store.cut.CutInfo;
import io.millrace.engine.module.ModuleChangeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Folds the journal of a stopped data directory again, from zero where the log is complete and from
 * every checkpoint there is, each in a scratch directory: what is checked stays as it is. Files are
 * shared by hard links where they never change and copied where they may.
 */
public final class Refold {
  private static final String JOURNAL = "journal";
  private static final String STATE = "state";
  private static final String FORMAT = "FORMAT";

  /**
   * One fold.
   *
   * @param from what it started from: {@code zero}, {@code checkpoint} (a kept one) or {@code
   *     state} (the newest one)
   * @param position journal position of that
   * @param records records folded
   * @param digest logical hash of the state at the end of the journal
   * @param waiting whether work of the last events waits there: the next start goes on with it at
   *     once, and its state is another one then
   */
  public record Fold(String from, long position, long records, long digest, boolean waiting) {}

  /**
   * What was found.
   *
   * @param journal what the journal holds, with the archive in front of it
   * @param folds the folds, that from zero first
   * @param unfolded modules of the directory that were not there to be folded
   */
  public record Found(JournalCheck journal, List<Fold> folds, List<String> unfolded) {
    /** True when all folds came to one state. */
    public boolean agree() {
      return folds.stream().mapToLong(Fold::digest).distinct().count() <= 1;
    }
  }

  private final NodeHost.Options options;
  private final Supplier<List<HostedModule>> modules;
  private final Path scratch;
  private final FileLayer files = new DiskFiles();
  private final Set<String> unfolded = new TreeSet<>();
  private int folds;

  private Refold(NodeHost.Options options, Supplier<List<HostedModule>> modules, Path scratch) {
    this.options = options;
    this.modules = modules;
    this.scratch = scratch;
  }

  /**
   * Checks a directory that no process uses.
   *
   * @param modules modules for one fold, new ones each time
   * @throws IOException when the directory is in use or damaged
   */
  public static Found run(NodeHost.Options options, Supplier<List<HostedModule>> modules)
      throws IOException {
    Path directory = options.directory();
    if (!Files.exists(directory.resolve(FORMAT))) {
      throw new IOException("There is no data directory at " + directory.toAbsolutePath());
    }
    DataDirectory.refuseLinks(directory);
    try (DirectoryLock lock = DirectoryLock.take(directory)) {
      Path scratch = directory.resolve("verify-scratch");
      delete(scratch);
      try {
        return new Refold(options, modules, scratch).found();
      } catch (UncheckedIOException e) {
        if (e.getCause() instanceof ModuleChangeException refused) {
          throw refused;
        }
        throw e;
      } catch (DamageException e) {
        // The files have the same names where they really are: in the archive or the journal.
        String message = String.valueOf(e.getMessage()).replace(scratch + "/", "");
        throw new IOException(message, e);
      } finally {
        delete(scratch);
      }
    }
  }

  private Found found() throws IOException {
    Path directory = options.directory();
    FormatFile format = FormatFile.openOrCreate(files, directory, options.tasks());
    Path whole = scratch.resolve(JOURNAL);
    files.createDirectories(whole);
    shareSegments(directory.resolve(NodeHost.ARCHIVE), whole);
    shareSegments(directory.resolve(JOURNAL), whole);
    long oldest = Math.max(0, JournalCheck.oldest(files, whole));
    JournalCheck journal = JournalCheck.of(files, whole, format.hashSeed(), oldest);
    List<Fold> done = new ArrayList<>();
    if (oldest == 0) {
      done.add(fold("zero", null, journal));
    }
    Path kept = directory.resolve(KeptCheckpoints.DIRECTORY);
    for (long position : KeptCheckpoints.find(kept)) {
      Fold fold = fold("checkpoint", KeptCheckpoints.path(kept, position), journal);
      if (fold.position() != position) {
        throw new IOException(
            "The checkpoint named " + position + " holds the cut at " + fold.position());
      }
      done.add(fold);
    }
    if (Files.exists(directory.resolve(STATE).resolve("CURRENT"))) {
      done.add(fold(STATE, directory.resolve(STATE), journal));
    }
    return new Found(journal, done, List.copyOf(unfolded));
  }

  private Fold fold(String from, @Nullable Path state, JournalCheck journal) throws IOException {
    Path copy = scratch.resolve("fold-" + folds++);
    Files.createDirectories(copy.resolve(JOURNAL));
    Files.copy(options.directory().resolve(FORMAT), copy.resolve(FORMAT));
    copyJournal(journal, copy.resolve(JOURNAL));
    if (state != null) {
      shareState(state, copy.resolve(STATE));
    }
    Fold fold = fold(from, copy);
    delete(copy);
    return fold;
  }

  private Fold fold(String from, Path copy) throws IOException {
    FormatFile format = FormatFile.openOrCreate(files, copy, options.tasks());
    NodeLock lock = new NodeLock();
    NodeHost.Options here = options.in(copy);
    try (TieredStore store = here.stores().open(here.store(format.hashSeed()), lock)) {
      CutInfo cut = store.lastCut();
      long position = cut == null ? 0 : cut.position();
      Journal journal =
          Journal.open(here.journal().salt(format.hashSeed()).withoutThread(), position).journal();
      try {
        ModuleRegistry registry =
            new ModuleRegistry(modules.get(), options.tasks(), format.hashSeed());
        NodeExecution execution =
            new NodeExecution(
                store,
                journal,
                registry,
                options.tasks(),
                options.journal().referenceBytes(),
                new FoldGuard(
                    new FoldWatch(), here.folds(), StopMarks.none(files), here.onFatal()));
        Node node = new Node(lock, store, journal, registry, execution, options.clockMs(), null);
        long records = Recovery.runScratch(node, cut);
        unfolded.addAll(registry.absent());
        lock.acquire();
        try {
          return new Fold(from, position, records, node.digest(), node.stagesWait());
        } finally {
          lock.release();
          node.close();
        }
      } finally {
        journal.abandon();
      }
    }
  }

  /** The whole segments shared, the last one copied up to its last whole frame. */
  private static void copyJournal(JournalCheck journal, Path target) throws IOException {
    for (Path segment : journal.segments()) {
      Path copy = target.resolve(segment.getFileName());
      if (segment.equals(journal.segments().getLast())) {
        Files.copy(segment, copy);
        try (FileChannel file = FileChannel.open(copy, StandardOpenOption.WRITE)) {
          file.truncate(journal.lastBytes());
        }
      } else {
        share(segment, copy);
      }
    }
  }

  private static void shareSegments(Path from, Path to) throws IOException {
    for (Path file : list(from)) {
      if (Files.isRegularFile(file) && !Files.exists(to.resolve(file.getFileName()))) {
        share(file, to.resolve(file.getFileName()));
      }
    }
  }

  /** Tables and the large values beside them never change, everything else of RocksDB may. */
  private static void shareState(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    for (Path file : list(from)) {
      String name = file.getFileName().toString();
      if (name.endsWith(".sst") || name.endsWith(".blob")) {
        share(file, to.resolve(name));
      } else if (Files.isRegularFile(file) && !name.equals("LOCK")) {
        Files.copy(file, to.resolve(name));
      }
    }
  }

  private static List<Path> list(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> found = Files.list(directory)) {
      return found.sorted().toList();
    }
  }

  private static void share(Path file, Path link) throws IOException {
    try {
      Files.createLink(link, file);
    } catch (UnsupportedOperationException | java.nio.file.FileSystemException e) {
      Files.copy(file, link);
    }
  }

  private static void delete(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    try (Stream<Path> found = Files.walk(tree)) {
      for (Path file : found.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
