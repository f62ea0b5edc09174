package io.millrace.engine.internal.client;

import io.millrace.engine.depot.AppendAck;
import io.millrace.engine.depot.AppendOptions;
import io.millrace.engine.depot.AppendResult;
import io.millrace.engine.depot.Appended;
import io.millrace.engine.depot.Depot;
import io.millrace.engine.depot.DepotClient;
import io.millrace.engine.depot.FoldStop;
import io.millrace.engine.depot.NoSpaceException;
import io.millrace.engine.depot.PreparedEvent;
import io.millrace.engine.depot.Token;
import io.millrace.engine.depot.TokenException;
import io.millrace.engine.depot.TokenWait;
import io.millrace.engine.depot.UnknownOutcomeException;
import io.millrace.engine.event.EventFormat;
import io.millrace.engine.event.EventType;
import io.millrace.engine.event.InvalidEventException;
import io.millrace.engine.event.KeyFunction;
import io.millrace.engine.internal.codec.KeyText;
import io.millrace.engine.internal.runtime.AppendExecution;
import io.millrace.engine.internal.runtime.Completed;
import io.millrace.engine.internal.runtime.Node;
import io.millrace.engine.internal.stage.AppendOutcome;
import io.millrace.engine.internal.stage.ErrorText;
import io.millrace.engine.internal.stage.Origin;
import io.millrace.engine.internal.topology.ModuleHost;
import io.millrace.engine.state.Execution;
import io.millrace.engine.tree.Slots;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A depot as clients in this process and the doors use it. */
public final class ClientDepot<E> implements DepotClient<E> {
  private static final int EVENTS_PER_HOLD = 256;

  /** Largest event in bytes, as it is written. */
  private static final int MAX_BODY = 64 << 20;

  private static final int MAX_KEY = 2048;
  private static final int SHOWN = 200;

  private final ModuleHost host;
  private final Depot<E> depot;
  private final Node node;
  private final int tasks;
  private final AtomicInteger turn = new AtomicInteger();

  /** A client of a depot of a hosted module. */
  public ClientDepot(ModuleHost host, Depot<E> depot, Node node, int tasks) {
    this.host = host;
    this.depot = depot;
    this.node = node;
    this.tasks = tasks;
  }

  @Override
  public Depot<E> depot() {
    return depot;
  }

  @Override
  public PreparedEvent prepare(E event, byte @Nullable [] key) {
    var type = depot.typeOf(event);
    type.check(event);
    return prepared(event, type, type.encode(event, depot.format()), key);
  }

  @Override
  public PreparedEvent prepareJson(
      @Nullable String type,
      int version,
      byte[] json,
      int offset,
      int length,
      byte @Nullable [] key) {
    var declared = depot.type(type, version);
    limit(length);
    var event = declared.accept(json, offset, length);
    var body =
        depot.format() == EventFormat.JSON
            ? java.util.Arrays.copyOfRange(json, offset, offset + length)
            : declared.encode(event, depot.format());
    return prepared(event, declared, body, key);
  }

  private PreparedEvent prepared(E event, EventType<?> type, byte[] body, byte @Nullable [] key) {
    if (depot.isTopologyOnly()) {
      throw new UnsupportedOperationException(
          depot + " takes appends of topologies only; append to the depot they read");
    }
    limit(body.length);
    if (key != null && (key.length == 0 || key.length > MAX_KEY)) {
      throw new InvalidEventException(
          "an idempotency key has 1 to " + MAX_KEY + " bytes, this one " + key.length, null);
    }
    return new PreparedEvent(event, type, partition(event, key), body, key);
  }

  private int partition(E event, byte @Nullable [] key) {
    if (depot.isGlobal()) {
      return 0;
    }
    var by = depot.key();
    if (by != null) {
      return task(keyText(by, event));
    }
    return key != null ? task(key) : Math.floorMod(turn.getAndIncrement(), tasks);
  }

  private byte[] keyText(KeyFunction<? super E, ?> by, E event) {
    try {
      return KeyText.canonical(by.apply(event));
    } catch (RuntimeException e) {
      throw new InvalidEventException(
          "the partition key of the event cannot be made: depot="
              + depot.qualifiedName()
              + " error="
              + ErrorText.whole(String.valueOf(e.getMessage()), SHOWN),
          null);
    }
  }

  private void limit(int bytes) {
    if (bytes > MAX_BODY) {
      throw new InvalidEventException(
          "an event has at most " + MAX_BODY + " bytes, this one " + bytes, null);
    }
  }

  private int task(byte[] text) {
    return Slots.task(Slots.slot(text, 0, text.length), tasks);
  }

  @Override
  public TokenWait waitFor(Token token) {
    if (!token.depot().equals(depot.qualifiedName())) {
      throw new TokenException(
          TokenException.Reason.INVALID,
          "the token is of another depot: " + token.depot() + ", not " + depot.qualifiedName());
    }
    return new FoldWait(host, node, depot, token);
  }

  @Override
  public Done append(Execution held, PreparedEvent event) {
    if (node.diskFull()) {
      throw new NoSpaceException();
    }
    var execution = (AppendExecution) held;
    var depotId = host.depotId(depot.name());
    var partition = event.partition();
    var epoch = node.journal().epoch();
    var key = event.key();
    if (key != null) {
      var known = host.findKey(execution, depot.name(), partition, key, execution.stampMs());
      if (known != null) {
        var position = execution.task(partition).lastPosition();
        var first = new Origin(depot.name(), partition, known.offset(), 0, key);
        var outcome = host.duplicates().of(first, key, known, execution, depotId);
        var place = token(epoch, partition, known.offset());
        return new Done(position, place, true, outcome.isDone(), outcome);
      }
    }
    var outcome = new AppendOutcome();
    var offset = execution.nextOffset(depotId, partition);
    host.expect(event.event(), outcome);
    var type = event.type();
    var body = event.body();
    var position =
        execution.appendEvent(
            depotId, partition, type.id(), type.version(), key, body, 0, body.length);
    return new Done(position, token(epoch, partition, offset), false, outcome.isDone(), outcome);
  }

  private Token token(long epoch, int partition, long offset) {
    return Token.of(depot.qualifiedName(), epoch, partition, offset);
  }

  @Override
  public AppendResult append(E event, AppendOptions options) {
    var prepared = prepare(event, options.key());
    var done = node.run(prepared.room(), held -> append(held, prepared));
    return await(done.value(), done.position(), options);
  }

  @Override
  public List<AppendResult> appendAll(List<? extends E> events, AppendOptions options) {
    var prepared = new ArrayList<PreparedEvent>(events.size());
    for (var event : events) {
      prepared.add(prepare(event, options.key()));
    }
    return appendPrepared(prepared, options);
  }

  /** Appends events that {@link #prepare} has made, some hundred at a time. */
  List<AppendResult> appendPrepared(List<PreparedEvent> events, AppendOptions options) {
    var results = new ArrayList<AppendResult>(events.size());
    for (var from = 0; from < events.size(); from += EVENTS_PER_HOLD) {
      var until = Math.min(events.size(), from + EVENTS_PER_HOLD);
      appendSome(events.subList(from, until), options, results);
    }
    return results;
  }

  private void appendSome(
      List<PreparedEvent> prepared, AppendOptions options, List<AppendResult> results) {
    var room = 0;
    for (var one : prepared) {
      room += one.room();
    }
    Completed<List<Done>> done =
        node.run(
            room,
            held -> {
              var all = new ArrayList<Done>(prepared.size());
              prepared.forEach(one -> all.add(append(held, one)));
              return all;
            });
    for (var one : done.value()) {
      results.add(await(one, done.position(), options));
    }
  }

  @Override
  public CompletableFuture<AppendResult> appendAsync(E event, AppendOptions options) {
    var prepared = prepare(event, options.key());
    var done = node.run(prepared.room(), held -> append(held, prepared));
    var future = new CompletableFuture<AppendResult>();
    Thread.startVirtualThread(() -> {
      try {
        future.complete(await(done.value(), done.position(), options));
      } catch (RuntimeException | Error e) {
        future.completeExceptionally(e);
      }
    });
    return future;
  }

  private AppendResult await(Done appended, long position, AppendOptions options) {
    if (options.ack() == AppendAck.NONE) {
      return appended.result(AppendAck.NONE);
    }
    var deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(options.timeoutMs());
    released(position, deadline);
    if (options.ack() == AppendAck.FOLDED && !appended.atOnce()) {
      var folded = new CompletableFuture<Boolean>();
      node.run(held -> {
        appended.whenDone(() -> folded.complete(true));
        return true;
      });
      drained(folded, deadline);
      released(node.run(held -> true).position(), deadline);
    }
    return appended.result(options.ack());
  }

  private void released(long position, long deadline) {
    if (!node.awaitReleased(position, deadline - System.nanoTime())) {
      throw unknown("the journal could not be written in time", null);
    }
  }

  private UnknownOutcomeException unknown(String what, @Nullable Exception cause) {
    return new UnknownOutcomeException(
        what + ": depot=" + depot.qualifiedName() + "; the event may or may not be there",
        cause == null ? new TimeoutException() : cause);
  }

  private void drained(CompletableFuture<Boolean> folded, long deadline) {
    while (!folded.isDone()) {
      if (System.nanoTime() > deadline) {
        throw unknown("the event was not folded in time", null);
      }
      node.drain();
    }
  }

  /** An append under way. */
  record Done(
      long position, Token token, boolean isDuplicate, boolean atOnce, AppendOutcome outcome)
      implements Appended {
    @Override
    public int partition() {
      return token.offsets().keySet().iterator().next();
    }

    @Override
    public long offset() {
      return token.offsets().values().iterator().next();
    }

    @Override
    public boolean isDone() {
      return outcome.isDone();
    }

    @Override
    public List<FoldStop> stops() {
      return outcome.stops();
    }

    @Override
    public java.util.Map<String, Object> returns() {
      return outcome.returns();
    }

    @Override
    public void whenDone(Runnable action) {
      if (outcome.isDone()) {
        action.run();
      } else {
        outcome.whenDone(action);
      }
    }

    @Override
    public AppendResult result(AppendAck ack) {
      var stops = outcome.stops();
      var status =
          !stops.isEmpty()
              ? AppendResult.Status.STOPPED
              : ack == AppendAck.FOLDED ? AppendResult.Status.FOLDED : AppendResult.Status.APPENDED;
      return new AppendResult(
          token,
          partition(),
          offset(),
          isDuplicate,
          status,
          stops,
          outcome.returns(),
          outcome.failure());
    }
  }
}
