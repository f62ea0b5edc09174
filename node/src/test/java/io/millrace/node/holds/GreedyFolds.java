package io.millrace.node.holds;

import static io.millrace.engine.pstate.Scalar.LONG;
import static io.millrace.engine.pstate.Scalar.STRING;

import io.millrace.engine.depot.Depot;
import io.millrace.engine.module.Definition;
import io.millrace.engine.module.EngineModule;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.topology.TaskContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Folds that take all they can get, as the event tells. */
public final class GreedyFolds implements EngineModule {
  /** What to do; the owner decides the partition. */
  public record Greed(String owner, String kind) {}

  private long rounds;

  @Override
  public void define(Definition def) {
    var greed = def.depot("greed", Greed.class).partitionBy(Greed::owner);
    var done = def.pstate("done", Schema.map(STRING, LONG));
    var hopped = def.pstate("hopped", Schema.map(STRING, LONG));
    def.stream("greedy")
        .from(greed)
        .each((event, at) -> {
          at.write(done).key(event.owner()).increment(1);
          act(event, at, greed);
        })
        .explode((event, at) -> event.kind().equals("children") ? children() : List.<String>of())
        .hop(child -> child)
        .each((child, at) -> at.write(hopped).key(child).increment(1));
  }

  private static Iterable<String> children() {
    return () -> IntStream.range(0, 1_000_000).mapToObj(i -> "child" + i % 100).iterator();
  }

  private void act(Greed event, TaskContext at, Depot<Greed> greed) {
    switch (event.kind()) {
      case "loop" -> {
        while (true) {
          rounds++;
        }
      }
      case "recursion" -> descend(90);
      case "sleep" -> {
        while (true) {
          LockSupport.parkNanos(1_000_000_000);
        }
      }
      case "itself" -> at.append(greed, event);
      case "appends" ->
          IntStream.range(0, 1_000_000)
              .forEach(i -> at.append(greed, new Greed(event.owner(), "nothing")));
      case "array" -> rounds = new byte[Integer.MAX_VALUE].length + new byte[2000_000_000].length;
      case "hoard" -> hoard();
      case "deep" -> rounds = deep(1);
      case "stuck" -> stuck();
      case "getsStuck" -> at.append(greed, new Greed(event.owner(), "stuck"));
      default -> {}
    }
  }

  private long descend(int depth) {
    return depth < 2 ? 1 : descend(depth - 1) + descend(depth - 2);
  }

  private void hoard() {
    var all = new ArrayList<long[]>();
    while (true) {
      all.add(new long[1 << 16]);
      rounds += all.size();
    }
  }

  private long deep(long depth) {
    return deep(depth + 1) + 1;
  }

  /** All the time is spent inside the JDK, which does not ask whether it should end. */
  private void stuck() {
    rounds += LongStream.range(0, Long.MAX_VALUE).sum();
  }
}
