package io.millrace.engine.topology;

import static io.millrace.engine.pstate.Scalar.LONG;
import static io.millrace.engine.pstate.Scalar.STRING;

import io.millrace.engine.depot.Depot;
import io.millrace.engine.module.Definition;
import io.millrace.engine.module.EngineModule;
import io.millrace.engine.pstate.PState;
import io.millrace.engine.pstate.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** Folds that take all they can get, as the event tells. */
final class GreedyModule implements EngineModule {
  /** Ends what is stuck. */
  static final AtomicBoolean LET_GO = new AtomicBoolean();

  /** What to do; the owner decides the partition. */
  record Greed(String owner, String kind, int many) {}

  @Override
  public void define(Definition def) {
    var greed = def.depot("greed", Greed.class).partitionBy(Greed::owner);
    var done = def.pstate("done", Schema.map(STRING, LONG));
    var hopped = def.pstate("hopped", Schema.map(STRING, LONG));
    var seen = def.pstate("seen", Schema.map(STRING, LONG));
    def.stream("greedy")
        .from(greed)
        .each((event, at) -> {
          at.write(done).key(event.owner()).increment(1);
          act(event, at, greed, done);
        })
        .explode((event, at) -> children(event))
        .hop(child -> child)
        .each((child, at) -> at.write(hopped).key(child).increment(1));
    def.stream("modest")
        .from(greed)
        .each((event, at) -> at.write(seen).key(event.owner()).increment(1));
  }

  private static Iterable<String> children(Greed event) {
    var count = event.kind().equals("children") ? event.many() : 0;
    return () -> IntStream.range(0, count).mapToObj(i -> "child" + i % 100).iterator();
  }

  private static void act(Greed event, TaskContext at, Depot<Greed> greed, PState done) {
    switch (event.kind()) {
      case "reads" -> {
        while (true) {
          at.read(done).key(event.owner()).get();
        }
      }
      case "writes" -> {
        while (true) {
          at.write(done).key(event.owner()).increment(1);
        }
      }
      case "caught" -> caught(event, at, done);
      case "sleeps" -> sleeps();
      case "itself" -> at.append(greed, new Greed(event.owner(), "itself", event.many() + 1));
      case "chain" -> {
        if (event.many() > 0) {
          at.append(greed, new Greed(event.owner(), "chain", event.many() - 1));
        }
      }
      case "appends" -> appends(event, at, greed);
      case "careless" -> careless(event, at, greed);
      case "array" -> new ArrayList<>(List.of(new byte[Integer.MAX_VALUE]));
      case "hoards" -> hoards(event, at, done);
      case "deep" -> deep(event, at, done);
      case "slow" -> slow(event.many());
      case "stuck" -> stuck();
      case "gets stuck" -> at.append(greed, new Greed(event.owner(), "stuck", 0));
      default -> {}
    }
  }

  private static void caught(Greed event, TaskContext at, PState done) {
    while (true) {
      try {
        at.read(done).key(event.owner()).get();
      } catch (Throwable ignored) {
        at.timeMs();
      }
      if (Thread.currentThread().isInterrupted()) {
        return;
      }
    }
  }

  /** Nothing ends it but {@link #LET_GO}, as with code inside the JDK. */
  private static void stuck() {
    while (!LET_GO.get()) {
      Thread.onSpinWait();
    }
  }

  private static void sleeps() {
    for (var waiting = true; waiting; waiting = !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(Long.MAX_VALUE);
    }
  }

  private static void appends(Greed event, TaskContext at, Depot<Greed> greed) {
    for (var i = 0; i < event.many(); i++) {
      at.append(greed, new Greed(event.owner(), "nothing", i));
    }
  }

  private static void careless(Greed event, TaskContext at, Depot<Greed> greed) {
    for (var i = 0; i < event.many(); i++) {
      try {
        at.append(greed, new Greed(event.owner(), "nothing", i));
      } catch (Error ignored) {
        // As careless code does.
      }
    }
  }

  private static void hoards(Greed event, TaskContext at, PState done) {
    var all = new ArrayList<byte[]>();
    while (true) {
      all.add(new byte[1 << 20]);
      at.read(done).key(event.owner()).get();
    }
  }

  private static long deep(Greed event, TaskContext at, PState done) {
    at.write(done).key(event.owner()).increment(1);
    return deep(event, at, done) + 1;
  }

  private static void slow(int ms) {
    var end = System.nanoTime() + ms * 1_000_000L;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }
}
