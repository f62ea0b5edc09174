package io.millrace.engine.topology;

import io.millrace.engine.event.KeyFunction;
import io.millrace.engine.pstate.PState;
import java.util.function.Function;

/**
 * A declared write of one key of a pstate.
 *
 * @param <K> type of the key
 * @param <E> type of the values of the flow
 */
public final class KeyedWrite<K, E> {
  private final Flow<E> flow;
  private final PState pstate;
  private final KeyFunction<? super E, K> key;

  KeyedWrite(Flow<E> flow, PState pstate, KeyFunction<? super E, K> key) {
    this.flow = flow;
    this.pstate = pstate;
    this.key = key;
  }

  /** Sets the value of the key. */
  public Flow<E> set(Function<? super E, ?> value) {
    return flow.each((event, at) -> at.write(pstate).key(keyOf(event)).set(value.apply(event)));
  }

  /** Removes the key. */
  public Flow<E> remove() {
    return flow.each((event, at) -> at.write(pstate).key(keyOf(event)).remove());
  }

  private Object keyOf(E event) {
    return java.util.Objects.requireNonNull(key.apply(event), "key");
  }
}
