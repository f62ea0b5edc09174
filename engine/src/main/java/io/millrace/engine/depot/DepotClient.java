package io.millrace.engine.depot;

import io.millrace.engine.state.Execution;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The clients' side of a depot. The blocking methods may be called from any thread that is no lane;
 * doors prepare outside the lock and append while their lane holds it.
 *
 * @param <E> common type of the events
 */
public interface DepotClient<E> {
  /** The declaration. */
  Depot<E> depot();

  /** Appends and waits until the event is folded. */
  default AppendResult append(E event) {
    return append(event, AppendOptions.folded());
  }

  /** Appends and waits for what an ack level says. */
  default AppendResult append(E event, AppendAck ack) {
    return append(event, AppendOptions.folded().ack(ack));
  }

  /** Appends; an idempotency key makes a second append do nothing. */
  default AppendResult append(E event, String key) {
    return append(event, AppendOptions.folded().key(key));
  }

  /**
   * Appends.
   *
   * @throws UnknownOutcomeException when the time ran out: the event may or may not be there
   * @throws io.millrace.engine.state.ReadTooLargeException when folding it needs more state in
   *     memory than there is room for; the event is not there
   */
  AppendResult append(E event, AppendOptions options);

  /** Appends at once, in the order of the calls, and answers later. */
  CompletableFuture<AppendResult> appendAsync(E event, AppendOptions options);

  /** Appends several events in order, under one hold. Not atomic with regard to a crash. */
  List<AppendResult> appendAll(List<? extends E> events, AppendOptions options);

  /** Checks, encodes and routes an event. */
  PreparedEvent prepare(E event, byte @Nullable [] key);

  /**
   * Checks and routes an event that came as JSON.
   *
   * @param type declared type name, or null when the depot has only one
   * @param version version of the type, or 0 for the declared one
   * @throws io.millrace.engine.event.InvalidEventException naming the field when it is not such an
   *     event
   */
  PreparedEvent prepareJson(
      @Nullable String type,
      int version,
      byte[] json,
      int offset,
      int length,
      byte @Nullable [] key);

  /**
   * A wait for what a token of this depot names.
   *
   * @throws TokenException when it is a token of another depot
   */
  TokenWait waitFor(Token token);

  /**
   * Appends while a lane holds the lock. The event is folded first, then journaled.
   *
   * @throws io.millrace.engine.state.NotResidentException when the fold needs an entry that is not
   *     in memory and nothing has been changed yet: load it and append again
   */
  Appended append(Execution held, PreparedEvent event);
}
