package io.millrace.engine.internal.topology;

import io.millrace.engine.internal.guard.EventTree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What became of one append, for whoever waits for it. Used with the lock held. */
final class Outcome implements EventTree.Waiter {
  private final Map<String, Object> returns = new LinkedHashMap<>();
  private final List<String> stopped = new ArrayList<>();
  private int pending;
  private @Nullable Runnable whenDone;

  /** Begins again: the execution is being repeated. */
  void reset() {
    returns.clear();
    stopped.clear();
    pending = 0;
  }

  @Override
  public void planned() {
    pending++;
  }

  @Override
  public void unplanned() {
    pending--;
  }

  @Override
  public void finished() {
    if (--pending == 0 && whenDone != null) {
      whenDone.run();
    }
  }

  void stopped(String topology) {
    stopped.add(topology);
  }

  void returned(String topology, Object value) {
    returns.put(topology, value);
  }

  /** True when every piece of the event has run, and the events its pieces appended are folded. */
  boolean isDone() {
    return pending == 0;
  }

  void whenDone(Runnable action) {
    whenDone = action;
  }

  Map<String, Object> returns() {
    return new LinkedHashMap<>(returns);
  }

  List<String> stopped() {
    return List.copyOf(stopped);
  }
}
