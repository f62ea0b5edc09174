package io.millrace.engine.internal.runtime;

import io.millrace.engine.depot.AppendAck;
import io.millrace.engine.depot.DepotEvent;
import io.millrace.engine.depot.NoSpaceException;
import io.millrace.engine.depot.UnknownOutcomeException;
import io.millrace.engine.internal.log.DepotAppender;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;

/** Appends whole batches under the node's lock; answers leave with the release of their records. */
final class NodeDepotAppender implements DepotAppender {
  private static final int RECORD_ROOM = 128;

  private final Node node;
  private final PriorityQueue<Waiting> waiting =
      new PriorityQueue<>(Comparator.comparingLong(Waiting::position));

  /** An answer that may leave once its position is released. */
  private record Waiting(long position, long offset, CompletableFuture<Long> answer) {}

  NodeDepotAppender(Node node) {
    this.node = node;
    node.journal().onReleased(this::released);
    node.journal().onFatal(this::failed);
  }

  @Override
  public CompletableFuture<Long> append(
      int depot, int partition, List<DepotEvent> batch, AppendAck level) {
    long room = 0;
    for (DepotEvent event : batch) {
      if (event.flags() != 0) {
        return CompletableFuture.failedFuture(
            new IllegalArgumentException("Events of depots have no flags: " + event.flags()));
      }
      room += event.body().length + RECORD_ROOM;
    }
    if (node.diskFull()) {
      return CompletableFuture.failedFuture(new NoSpaceException());
    }
    Completed<Long> done =
        node.run(
            (int) Math.min(room, Integer.MAX_VALUE),
            execution -> appendAll(execution, depot, partition, batch));
    if (level == AppendAck.NONE) {
      return CompletableFuture.completedFuture(done.value());
    }
    if (level == AppendAck.FOLDED) {
      node.drain();
    }
    CompletableFuture<Long> answer = new CompletableFuture<>();
    synchronized (waiting) {
      waiting.add(new Waiting(done.position(), done.value(), answer));
    }
    released(node.journal().leaving());
    return answer;
  }

  private static long appendAll(
      AppendExecution execution, int depot, int partition, List<DepotEvent> batch) {
    long offset = -1;
    for (DepotEvent event : batch) {
      // Folding the event may append further events behind it.
      offset = execution.nextOffset(depot, partition);
      byte[] body = event.body();
      execution.appendEvent(
          depot, partition, event.type(), event.version(), event.key(), body, 0, body.length);
    }
    return offset;
  }

  private void released(long position) {
    List<Waiting> ready = new ArrayList<>();
    synchronized (waiting) {
      while (!waiting.isEmpty() && waiting.peek().position <= position) {
        ready.add(waiting.remove());
      }
    }
    for (Waiting one : ready) {
      // Not on this thread: it may be a lane, and what the answer triggers may take its time.
      one.answer.completeAsync(() -> one.offset);
    }
  }

  private void failed(Throwable cause) {
    List<Waiting> lost;
    synchronized (waiting) {
      lost = new ArrayList<>(waiting);
      waiting.clear();
    }
    for (Waiting one : lost) {
      one.answer.completeExceptionally(
          new UnknownOutcomeException(
              "The journal failed before this append was safe: position=" + one.position, cause));
    }
  }

  @Override
  public long endOffset(int depot, int partition) {
    node.lock().acquire();
    try {
      return node.registry().nextOffset(depot, partition);
    } finally {
      node.lock().release();
    }
  }
}
