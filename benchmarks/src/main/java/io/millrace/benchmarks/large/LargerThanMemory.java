package io.millrace.benchmarks.large;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Data of three times the memory: small strings, one hash and one sorted set of 5 M elements each,
 * one pstate fed over HTTP, loaded into a Millrace that lives in a memory cgroup. A full SCAN runs
 * during the load, SIGKILL comes in its middle and again at the end; random answers are compared
 * with an oracle.
 *
 * <p>Usage: {@code LargerThanMemory <launcher> [scale=1.0] [limit-MiB=1024] [more flags...]}. Where
 * no memory cgroup can be made it says {@code not run}.
 */
public final class LargerThanMemory {
  private static final long SEED = 20_261_122;
  private static final double SCAN_AT = 0.3;
  private static final double KILL_AT = 0.5;

  private final MemoryGroup group;
  private final Server server;
  private final Oracle.Size size;
  private final List<Loader> loaders;
  private final long begin = System.nanoTime();
  private final int reads;

  private LargerThanMemory(MemoryGroup group, Server server, Oracle.Size size, int reads) {
    this.group = group;
    this.server = server;
    this.size = size;
    this.reads = reads;
    loaders =
        List.of(
            Loader.strings(server, size),
            Loader.fields(server, size),
            Loader.members(server, size),
            Loader.policies(server, size));
  }

  /** Entry point; see class documentation. */
  public static void main(String[] args) throws IOException {
    double scale = args.length > 1 ? Double.parseDouble(args[1]) : 1.0;
    long limit = (args.length > 2 ? Long.parseLong(args[2]) : 1024) << 20;
    StringBuilder launch = new StringBuilder(args[0]);
    for (int i = 3; i < args.length; i++) {
      launch.append(' ').append(args[i]);
    }
    Path directory = Files.createTempDirectory("millrace-large");
    MemoryGroup group;
    try {
      group = MemoryGroup.create("millrace-" + ProcessHandle.current().pid(), limit);
    } catch (IOException e) {
      System.out.println("not run: no memory cgroup can be made here: " + e);
      return;
    }
    try (group;
        Server server = new Server(launch.toString(), group, directory)) {
      Oracle.Size size = Oracle.Size.of(scale);
      int reads = (int) Math.max(2_000, 200_000 * Math.min(1, scale));
      new LargerThanMemory(group, server, size, reads).run(limit);
    }
  }

  private void run(long limit) throws IOException {
    report("data", "%,d MiB in a memory cgroup of %,d MiB", size.bytes() >> 20, limit >> 20);
    report("first start", "%.1f s", server.start());
    try {
      load();
      check();
      restart();
    } catch (IOException | RuntimeException e) {
      System.out.println(server.logTail());
      throw e;
    } finally {
      memory();
    }
  }

  private void load() throws IOException {
    List<Thread> threads = new ArrayList<>();
    for (Loader loader : loaders) {
      threads.add(Thread.ofPlatform().name("load " + loader.what).start(loader));
    }
    awaitLoaded(SCAN_AT);
    Scan scan = new Scan(loaders.getFirst().done());
    Thread scanning = Thread.ofPlatform().name("scan").start(scan);
    awaitLoaded(KILL_AT);
    server.kill();
    report("SIGKILL at", "%.0f s, restart %.1f s", seconds(), server.start());
    awaitLoaded(1.0);
    report("loaded", "%.0f s", seconds());
    join(scanning);
    scan.report();
  }

  private final class Scan implements Runnable {
    private final long before;
    private final Scanner scanner = new Scanner(server, size);
    private volatile @Nullable Throwable failure;

    Scan(long before) {
      this.before = before;
    }

    @Override
    public void run() {
      try {
        scanner.run(before);
      } catch (IOException | RuntimeException e) {
        failure = e;
      }
    }

    void report() {
      if (failure != null) {
        throw new IllegalStateException("SCAN during the load", failure);
      }
      LargerThanMemory.report(
          "SCAN during the load",
          "complete: %,d keys, all %,d that were there before; %,d elements of HSCAN and ZSCAN right",
          scanner.returned(),
          before,
          scanner.sampled());
    }
  }

  /** Waits until every loader has this part of its work done. */
  private void awaitLoaded(double part) throws IOException {
    long next = System.nanoTime();
    while (!loaded(part)) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      if (System.nanoTime() >= next) {
        next += TimeUnit.SECONDS.toNanos(10);
        progress();
      }
      for (Loader loader : loaders) {
        if (loader.failure() != null) {
          throw new IllegalStateException(
              "loading " + loader.what + " at " + loader.done(), loader.failure());
        }
      }
      if (!server.alive()) {
        throw new IllegalStateException("the server is gone");
      }
    }
  }

  private boolean loaded(double part) {
    for (Loader loader : loaders) {
      if (loader.done() < loader.total * part) {
        return false;
      }
    }
    return true;
  }

  private void progress() throws IOException {
    StringBuilder line = new StringBuilder(String.format("%5.0f s ", seconds()));
    for (Loader loader : loaders) {
      line.append(
          String.format(
              Locale.ROOT, "| %s %.1f %% ", loader.what, 100.0 * loader.done() / loader.total));
    }
    System.out.printf(
        "%s| anonymous %,d MiB, used %,d MiB%n",
        line, group.anonymousBytes() >> 20, group.usedBytes() >> 20);
  }

  private void check() throws IOException {
    Checks checks = new Checks(server.port(), size, SEED);
    checks.counts();
    report("DBSIZE, HLEN, ZCARD", "exact");
    report("GET, 1 connection, 16 under way", "%,.0f/s", checks.strings(reads, 1, 16));
    report("GET, 50 connections, 16 under way each", "%,.0f/s", checks.strings(reads, 50, 16));
    report("HGET", "%,.0f/s", checks.fields(reads / 4));
    report("ZSCORE", "%,.0f/s", checks.scores(reads / 4));
    checks.ranks(reads / 10);
    report("ZRANK, ZRANGE", "right");
    report("PSTATE.SELECT", "%,.0f/s", checks.policies(reads / 10));
    checks.absent(reads / 10);
    report("what was never stored", "is not there");
    memory();
  }

  private void restart() throws IOException {
    Checks checks = new Checks(server.port(), size, SEED + 100);
    double begun = seconds();
    String before = checks.digest();
    report("digest", "%s in %.0f s", before, seconds() - begun);
    server.kill();
    report("SIGKILL, restart", "%.1f s to the first answer", server.start());
    checks.counts();
    String after = checks.digest();
    if (!after.equals(before)) {
      throw new IllegalStateException("the digest after the restart is " + after);
    }
    report("digest after the restart", "equal");
    checks.strings(reads / 10, 1, 16);
    Scanner scanner = new Scanner(server, size);
    scanner.run(size.strings());
    report("full SCAN at the end", "%,d different keys of %,d", scanner.distinct(), size.strings());
    refold(before);
    report("all", "%.0f s", seconds());
  }

  /** Folds the whole journal again from zero, inside the same memory. */
  private void refold(String digest) throws IOException {
    server.kill();
    double begun = seconds();
    String said = server.verify();
    for (String line : said.strip().split("\n")) {
      report("verify", "%s", line);
    }
    boolean fromZero = said.contains("zero ") && said.contains("All folds agree");
    if (!fromZero || !said.contains(digest)) {
      throw new IllegalStateException("no fold from zero, or not to " + digest);
    }
    report("refold", "equal, %.0f s", seconds() - begun);
  }

  private void memory() throws IOException {
    report(
        "memory of the group",
        "peak %,d MiB with page cache, anonymous now %,d MiB, killed by the kernel %d",
        group.peakBytes() >> 20,
        group.anonymousBytes() >> 20,
        group.killed());
  }

  private double seconds() {
    return (System.nanoTime() - begin) / 1e9;
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void report(String what, String format, Object... values) {
    System.out.printf(
        Locale.ROOT, "| %s | %s |%n", what, String.format(Locale.ROOT, format, values));
  }
}
