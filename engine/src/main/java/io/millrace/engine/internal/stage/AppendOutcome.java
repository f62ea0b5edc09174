package io.millrace.engine.internal.stage;

import io.millrace.engine.depot.FoldStop;
import io.millrace.engine.internal.guard.EventTree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What became of one append, for whoever waits for it. Used with the lock held. */
public final class AppendOutcome implements EventTree.Waiter {
  private final Map<String, Object> returns = new LinkedHashMap<>();
  private final List<FoldStop> stops = new ArrayList<>();
  private @Nullable Throwable failure;
  private int pending;
  private @Nullable Runnable whenDone;

  /** Begins again: the execution is being repeated. */
  void reset() {
    returns.clear();
    stops.clear();
    failure = null;
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

  /** Says that a topology has stopped, and what its code threw if that was just now. */
  public void stopped(FoldStop stop, @Nullable Throwable cause) {
    if (stops.stream().noneMatch(known -> known.topology().equals(stop.topology()))) {
      stops.add(stop);
    }
    if (failure == null) {
      failure = cause;
    }
  }

  public void returned(String topology, Object value) {
    returns.put(topology, value);
  }

  /** True when every stage of the event has run, and the events its stages appended are folded. */
  public boolean isDone() {
    return pending == 0;
  }

  public void whenDone(Runnable action) {
    whenDone = action;
  }

  public Map<String, Object> returns() {
    return new LinkedHashMap<>(returns);
  }

  public List<FoldStop> stops() {
    return List.copyOf(stops);
  }

  public @Nullable Throwable failure() {
    return failure;
  }
}
