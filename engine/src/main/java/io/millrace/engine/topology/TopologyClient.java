package io.millrace.engine.topology;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A topology from outside: where it stands, and what to do when it has stopped. */
public interface TopologyClient {
  /** {@code module/topology}. */
  String qualifiedName();

  /**
   * Where it has stopped.
   *
   * @param depot depot inside the module
   * @param partition partition of the depot
   * @param offset event whose piece failed
   * @param catchingUp true once it has been resumed and folds what it missed
   * @param place operator that threw, with its line
   * @param attempts how often it was tried
   * @param error what it threw
   */
  record Stopped(
      String depot,
      int partition,
      long offset,
      boolean catchingUp,
      String place,
      int attempts,
      String error) {}

  /**
   * A piece that was given up.
   *
   * @param depot depot of the event, inside the module
   * @param partition partition of the event
   * @param offset offset of the event
   * @param eventTimeMs stamp of the event
   * @param place operator that threw, with its line
   * @param task task the piece ran on
   * @param attempts how often it was tried
   * @param error what it threw
   * @param stoppedAtMs when it failed for good
   * @param decidedAtMs when it was given up
   * @param decision {@code skip}
   * @param value the value the piece was run for
   */
  record DeadLetter(
      String depot,
      int partition,
      long offset,
      long eventTimeMs,
      String place,
      int task,
      int attempts,
      String error,
      long stoppedAtMs,
      long decidedAtMs,
      String decision,
      @Nullable Object value) {}

  /** What has been given up, oldest first on each task. */
  List<DeadLetter> deadLetters();

  /** The partitions it has stopped for. */
  List<Stopped> stopped();

  /** Goes on everywhere it has stopped, beginning with the piece that failed. */
  void resume();

  /** Goes on everywhere it has stopped, without the piece that failed: it becomes a dead letter. */
  void skip();
}
