package io.millrace.engine.internal.stage;

import io.millrace.engine.depot.Depot;
import io.millrace.engine.internal.codec.KeyText;
import io.millrace.engine.internal.guard.EventTree;
import io.millrace.engine.internal.guard.FoldLimitError;
import io.millrace.engine.internal.runtime.FoldExecution;
import io.millrace.engine.pstate.PState;
import io.millrace.engine.state.TaskState;
import io.millrace.engine.topology.PStateReader;
import io.millrace.engine.topology.PStateWriter;
import io.millrace.engine.topology.Step;
import io.millrace.engine.topology.TaskContext;
import io.millrace.engine.tree.Slots;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Runs one stage at a time. What it wants to send out is kept back until the stage has succeeded.
 */
public final class StageRun implements TaskContext {
  /** An event a stage appends. */
  private record Append(int depotId, int partition, int typeId, int version, byte[] body) {}

  private static final int MAX_ANSWER = 64 << 10;

  private final ModuleParts parts;
  private final FoldCounters counters;
  private final List<Stage> hops = new ArrayList<>();
  private final List<Append> appends = new ArrayList<>();
  private final Set<PState> claimed = new HashSet<>();
  private @Nullable Stage stage;
  private @Nullable FoldExecution execution;
  private @Nullable RandomGenerator random;
  private @Nullable Meta meta;
  private @Nullable Object ack;
  private byte @Nullable [] answer;
  private boolean acked;
  private @Nullable FoldLimitError exceeded;

  public StageRun(ModuleParts parts, FoldCounters counters) {
    this.parts = parts;
    this.counters = counters;
  }

  /** Says where the module keeps what it counts. */
  public void meta(Meta space) {
    meta = space;
  }

  /** Runs a stage; what it sends out waits for {@link #hops} and {@link #send}. */
  void run(Stage next, FoldExecution with) {
    stage = next;
    execution = with;
    random = null;
    acked = false;
    ack = null;
    answer = null;
    hops.clear();
    appends.clear();
    claimed.clear();
    exceeded = null;
    try {
      follow(next.node, next.value);
      if (exceeded != null) {
        // The code of the module has caught it.
        throw exceeded;
      }
    } finally {
      stage = null;
    }
  }

  /** What the stage answered the appender, as bytes, or null. */
  public byte @Nullable [] answer() {
    return answer;
  }

  /** Stages that follow from the one that ran. */
  public List<Stage> hops() {
    return hops;
  }

  /** Sends out what else the stage wanted to say. */
  public void send(Stage done, FoldExecution with) {
    claimed.forEach(pstate -> parts.owned(pstate, done.stream.name));
    for (var append : appends) {
      counters.appends++;
      var body = append.body;
      with.emit(append.depotId, append.partition, append.typeId, append.version, body, done.tree());
    }
    var value = ack;
    if (acked && done.outcome != null && value != null) {
      done.outcome.returned(done.stream.name, value);
    }
  }

  private void follow(CompiledNode node, Object value) {
    for (var next : node.next) {
      step(next, value);
    }
  }

  /** Ends the stage when it has taken too much; asked wherever it uses the engine. */
  void check() {
    execution().watch().check();
  }

  /** A stage that has succeeded adds what it sends out to its event's consequences. */
  public void grow(EventTree tree) {
    tree.grow(hops.size() + appends.size());
  }

  private void mayGrow() {
    check();
    var running = execution();
    var most = running.limits().maxEvents();
    var events = current().tree().events() + hops.size() + appends.size();
    if (events >= most && !running.replaying()) {
      var error =
          new FoldLimitError(
              "the event led to more than " + most + " stages and events (fold-max-events)");
      exceeded = error;
      throw error;
    }
  }

  private void step(CompiledNode node, Object value) {
    check();
    switch (node.step) {
      case Step.Each each -> {
        parts.at(node);
        each.code().accept(value, this);
        follow(node, value);
      }
      case Step.Filter filter -> {
        parts.at(node);
        if (filter.condition().test(value, this)) {
          follow(node, value);
        }
      }
      case Step.Map map -> {
        parts.at(node);
        var mapped = map.function().apply(value, this);
        if (mapped != null) {
          follow(node, mapped);
        }
      }
      case Step.Explode explode -> {
        parts.at(node);
        for (var element : explode.function().apply(value, this)) {
          follow(node, Objects.requireNonNull(element, "an exploded value is null"));
        }
      }
      case Step.When when -> {
        if (when.type().isInstance(value)) {
          follow(node, value);
        }
      }
      case Step.Hop hop -> {
        parts.at(node);
        var key = hop.key().apply(value, this);
        hop(node, taskOf(Objects.requireNonNull(key, "the key to hop to is null")), value);
      }
      case Step.HopTo hop -> {
        parts.at(node);
        var task = hop.task().apply(value, this);
        if (task < 0 || task >= tasks()) {
          throw new IllegalArgumentException(
              "there is no task " + task + " to hop to: tasks=" + tasks());
        }
        hop(node, task, value);
      }
      case Step.HopAll _ -> {
        for (var task = 0; task < tasks(); task++) {
          hop(node, task, value);
        }
      }
    }
  }

  private void hop(CompiledNode node, int task, Object value) {
    var from = current();
    mayGrow();
    parts.forms().values().check(value);
    var hop = new Stage(from.stream, node, task, value, from.origin, from.outcome);
    hops.add(hop.in(from.tree()));
  }

  private Stage current() {
    var running = stage;
    if (running == null) {
      throw new IllegalStateException("this is only valid while the topology's code runs");
    }
    return running;
  }

  private FoldExecution execution() {
    current();
    return Objects.requireNonNull(execution);
  }

  /** State of the present task. */
  TaskState state() {
    return execution().task(current().task);
  }

  @Override
  public int task() {
    return current().task;
  }

  @Override
  public int tasks() {
    return execution().tasks();
  }

  @Override
  public int taskOf(Object key) {
    var text = KeyText.canonical(key);
    return Slots.task(Slots.slot(text, 0, text.length), tasks());
  }

  @Override
  public long timeMs() {
    return current().origin.timeMs();
  }

  @Override
  public int partition() {
    return current().origin.partition();
  }

  @Override
  public long offset() {
    return current().origin.offset();
  }

  @Override
  public RandomGenerator random() {
    var generator = random;
    if (generator == null) {
      var from = current();
      var origin = from.origin;
      var seed = origin.timeMs() * 31 + origin.partition();
      seed = seed * 0x9E3779B97F4A7C15L + origin.offset();
      seed = seed * 0x9E3779B97F4A7C15L + from.node.id * 16384L + from.task;
      generator = new SplittableRandom(seed ^ origin.depot().hashCode());
      random = generator;
    }
    return generator;
  }

  @Override
  public long newId() {
    var space = Objects.requireNonNull(meta, "the module is not attached");
    return space.newId(state(), execution().firstModuleId(task())) * tasks() + task();
  }

  @Override
  public PStateWriter write(PState pstate) {
    claim(pstate);
    check();
    return new StageWriter(this, parts.access(pstate), counters);
  }

  /**
   * A pstate has one writer, or its order would depend on which topology is ahead. Where the
   * definition does not say which, the first one to write it is.
   */
  private void claim(PState pstate) {
    var stream = current().stream;
    var owner = parts.owner(pstate);
    if (owner == null) {
      claimed.add(pstate);
    } else if (!owner.equals(stream.name) && !execution().replaying()) {
      throw new IllegalStateException(
          pstate
              + " is written by topology "
              + owner
              + " and cannot be written by "
              + stream
              + " as well; let one topology write it, and append an event to a depot it reads from"
              + " the other");
    }
  }

  @Override
  public PStateReader read(PState pstate) {
    check();
    return new StageReader(this, parts.access(pstate), counters);
  }

  @Override
  public void ack(@Nullable Object value) {
    answer = value == null ? null : answer(value);
    ack = value;
    acked = true;
  }

  private byte[] answer(Object value) {
    parts.forms().values().check(value);
    var bytes = parts.forms().value(value);
    if (bytes.length > MAX_ANSWER) {
      throw new IllegalArgumentException(
          "an answer is at most " + MAX_ANSWER + " bytes large, this one has " + bytes.length);
    }
    return bytes;
  }

  @Override
  public <T> void append(Depot<T> depot, T event) {
    mayGrow();
    var type = depot.typeOf(event);
    type.check(event);
    var key = depot.key() == null ? null : depot.key().apply(event);
    var partition =
        depot.isGlobal() ? 0 : key == null ? task() : taskOf(Objects.requireNonNull(key));
    appends.add(
        new Append(
            parts.depotId(depot),
            partition,
            type.id(),
            type.version(),
            type.encode(event, depot.format())));
  }
}
