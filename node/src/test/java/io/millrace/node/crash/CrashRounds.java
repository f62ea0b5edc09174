package io.millrace.node.crash;

import io.millrace.engine.EngineConfig;
import io.millrace.engine.Verification;
import io.millrace.resp.RespConfig;
import io.millrace.resp.RespServer;
import io.millrace.resp.server.EngineFacts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Rounds of load and SIGKILL against a real server. A directory lives for some rounds, then the
 * next one begins. Between a kill and the next start the stopped directory is folded again from
 * zero and from every checkpoint; the server that then starts must come to the same state, and to
 * what the connections know.
 */
final class CrashRounds {
  private static final int ROUNDS_PER_DIRECTORY = 5;
  private static final int LOAD_SECONDS = 60;
  private static final int KEPT = 2;

  /** Where in a checkpoint a kill is aimed at; the empty one is any time. */
  private static final List<String> AIMS =
      List.of("", "writing", "", "syncing", "truncating", "", "keeping", "writing");

  private final String fsync;
  private final Path root;
  private final List<Path> prefix;
  private final SplittableRandom random;
  private final List<Figures> seen = new ArrayList<>();
  private final Map<String, Integer> phases = new TreeMap<>();
  private long acknowledged;
  private long folds;
  private long foldsFromZero;

  private Path directory;
  private List<Actor> actors = List.of();
  private int tasks;
  private boolean keepJournal;
  private @Nullable String digest;
  private boolean workWaited;
  private int compared;
  private int wentOn;
  private int movedOn;
  private Figures enough = Figures.ENOUGH;
  private List<String> aims = AIMS;
  private boolean twoLanes;

  /**
   * Prepares rounds.
   *
   * @param root an empty directory
   * @param prefix class path entries in front of the product's
   */
  CrashRounds(String fsync, Path root, List<Path> prefix, long seed) {
    this.fsync = fsync;
    this.root = root;
    this.prefix = prefix;
    this.random = new SplittableRandom(seed);
    this.directory = root;
  }

  /**
   * Changes what must have happened before a kill, aims all kills at one phase, and serves always
   * with two lanes.
   */
  void killAfter(Figures least, String phase) {
    enough = least;
    twoLanes = true;
    aims = List.of(phase);
  }

  /** Runs some rounds, and a last start that only checks. */
  void run(int rounds) throws IOException, InterruptedException {
    for (int round = 0; round < rounds; round++) {
      if (round % ROUNDS_PER_DIRECTORY == 0) {
        begin(round / ROUNDS_PER_DIRECTORY);
      }
      round(round, twoLanes ? 2 : 1 + round % 2);
      boolean last = round % ROUNDS_PER_DIRECTORY == ROUNDS_PER_DIRECTORY - 1;
      if (last || round == rounds - 1) {
        check(1 + round / 2 % 2);
        acknowledged += actors.stream().mapToLong(Actor::acknowledged).sum();
        delete(directory);
        if (round % 10 == 9 && round + 1 < rounds) {
          System.out.println("so far, " + summary());
        }
      }
    }
  }

  private void begin(int life) throws IOException {
    directory = Files.createDirectories(root.resolve("life-" + life));
    tasks = life % 2 == 0 ? 16 : 64;
    keepJournal = life % 4 != 3;
    digest = null;
    Hot.Board board = new Hot.Board();
    Queues queues = new Queues();
    List<Actor> all = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      all.add(new Worker(i, random.nextLong()));
    }
    for (int i = 0; i < 3; i++) {
      all.add(new Hot(i, board, random.nextLong()));
    }
    for (Queues.Role role : Queues.Role.values()) {
      all.add(queues.actor(role, random.nextLong()));
    }
    all.add(new Events(random.nextLong()));
    actors = all;
  }

  private void round(int round, int lanes) throws IOException, InterruptedException {
    try (CrashServer server = start(lanes);
        Wire wire = server.connect()) {
      compare(server, wire);
      Figures figures = load(server, wire, aims.get(round % aims.size()));
      seen.add(figures);
      phases.merge(figures.phase(), 1, Integer::sum);
    }
    refold();
  }

  private void check(int lanes) throws IOException, InterruptedException {
    try (CrashServer server = start(lanes);
        Wire wire = server.connect()) {
      compare(server, wire);
    }
  }

  private void compare(CrashServer server, Wire wire) throws IOException {
    String live = String.valueOf(wire.call("DEBUG", "STATE-DIGEST"));
    if (digest != null && workWaited) {
      // The server has gone on with what waited: the next fold of its journal has that, too.
      wentOn++;
      movedOn += digest.equals(live) ? 0 : 1;
    } else if (digest != null) {
      compared++;
      if (!digest.equals(live)) {
        throw new AssertionError(
            "the server stands at " + live + ", folding its journal again gives " + digest);
      }
    }
    for (Actor actor : actors) {
      actor.check(wire);
    }
    if (!server.alive()) {
      throw new AssertionError("the server ended by itself:\n" + server.tail());
    }
  }

  private CrashServer start(int lanes) throws IOException {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("sql-port", "0");
    settings.put("http-port", "0");
    settings.put("dir", directory.resolve("data").toString());
    settings.put("appendfsync", fsync);
    settings.put("lanes", Integer.toString(lanes));
    settings.put("tasks", Integer.toString(tasks));
    settings.put("modules", "crash_money");
    settings.put("hot-memory", "1mb");
    settings.put("checkpoint-bytes", "64kb");
    settings.put("journal-segment-bytes", "48kb");
    settings.put("store-memtable-bytes", "64kb");
    settings.put("keep-checkpoints", Integer.toString(KEPT));
    settings.put("keep-journal", keepJournal ? "yes" : "no");
    settings.put("enable-debug-command", "yes");
    return CrashServer.start(directory, prefix, settings);
  }

  /** Sends load until enough has happened, and kills. */
  private Figures load(CrashServer server, Wire wire, String aim)
      throws IOException, InterruptedException {
    List<Throwable> failures = new CopyOnWriteArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (Actor actor : actors) {
      threads.add(Thread.ofPlatform().daemon().start(() -> load(actor, server.port(), failures)));
    }
    Figures last;
    try {
      last = untilKill(server, wire, aim, failures);
    } finally {
      server.kill();
    }
    for (Thread thread : threads) {
      thread.join(TimeUnit.SECONDS.toMillis(40));
    }
    if (!failures.isEmpty()) {
      throw new AssertionError(
          String.valueOf(failures.getFirst().getMessage()), failures.getFirst());
    }
    return last;
  }

  private static void load(Actor actor, int port, List<Throwable> failures) {
    try {
      actor.load(port);
    } catch (IOException e) {
      // The server was killed: what is under way is known to the actor.
    } catch (RuntimeException | Error e) {
      failures.add(e);
    }
  }

  private Figures untilKill(CrashServer server, Wire wire, String aim, List<Throwable> failures)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LOAD_SECONDS);
    Figures last = Figures.of(wire);
    try {
      while (!last.reach(enough) && failures.isEmpty()) {
        if (System.nanoTime() > deadline) {
          throw new AssertionError("too little happened before the kill: " + last);
        }
        server.pause(20);
        last = Figures.of(wire);
      }
      server.pause(random.nextInt(200));
      long aimUntil = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(500);
      do {
        last = Figures.of(wire);
      } while (!aim.isEmpty() && !last.phase().equals(aim) && System.nanoTime() < aimUntil);
    } catch (IOException e) {
      throw new AssertionError("the server ended by itself:\n" + server.tail(), e);
    }
    return last;
  }

  /** Folds the stopped directory again, from zero where it can and from every checkpoint. */
  private void refold() {
    EngineConfig config =
        EngineConfig.in(directory.resolve("data"))
            .withTasks(tasks)
            .withMemory(64 << 20, 8 << 20)
            .withMemtable(1 << 20);
    RespConfig resp =
        new RespConfig("127.0.0.1", 0, 1, Map.of("dir", config.directory().toString()));
    Verification found;
    try {
      found =
          Verification.run(
              config,
              () -> List.of(RespServer.prepare(resp, EngineFacts.none()).keyspace()),
              () -> List.of(new CrashMoney()));
    } catch (IOException | RuntimeException e) {
      throw new AssertionError("the stopped directory cannot be folded again: " + e, e);
    }
    if (!found.agree()) {
      throw new AssertionError("the folds differ: " + found.folds());
    }
    // A kill between keeping a checkpoint and dropping the oldest one leaves one more.
    int kept = found.folds().size() - (keepJournal ? 2 : 1);
    if (found.complete() != keepJournal || kept < KEPT || kept > KEPT + 1) {
      throw new AssertionError("a fold is missing: " + found.folds());
    }
    folds += found.folds().size();
    foldsFromZero += keepJournal ? 1 : 0;
    digest = String.format(Locale.ROOT, "%016x", found.folds().getFirst().digest());
    workWaited = found.waiting();
  }

  private static void delete(Path tree) {
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Operations the present directory has acknowledged. */
  long served() {
    return actors.stream().mapToLong(Actor::acknowledged).sum();
  }

  /** Operations acknowledged. */
  long acknowledged() {
    return acknowledged;
  }

  /** Starts whose state was compared with that of a refold. */
  int compared() {
    return compared;
  }

  /** One line for a table. */
  String summary() {
    return String.format(
        Locale.ROOT,
        "appendfsync %s: %d kills, %d operations acknowledged, 0 lost; cuts %s, flushes %s,"
            + " segments truncated %s; killed while %s; %d refolds, %d of them from zero;"
            + " %d starts at the state of the refold, %d went on with work that"
            + " waited, %d of them to another state",
        fsync,
        seen.size(),
        acknowledged,
        range(seen.stream().mapToLong(Figures::cuts).toArray()),
        range(seen.stream().mapToLong(Figures::flushes).toArray()),
        range(seen.stream().mapToLong(Figures::truncations).toArray()),
        phases,
        folds,
        foldsFromZero,
        compared,
        wentOn,
        movedOn);
  }

  private static String range(long[] values) {
    java.util.Arrays.sort(values);
    return values.length == 0
        ? "none"
        : values[0] + ".." + values[values.length / 2] + ".." + values[values.length - 1];
  }

  /** What was counted before each kill. */
  List<Figures> figures() {
    return seen;
  }
}
