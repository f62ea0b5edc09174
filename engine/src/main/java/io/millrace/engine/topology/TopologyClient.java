package io.millrace.engine.topology;

import io.millrace.engine.depot.FoldStop;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A topology from outside: where it stands, and what to do when it has stopped. */
public interface TopologyClient {
  /** {@code module/topology}. */
  String qualifiedName();

  /**
   * A stage that was given up.
   *
   * @param id number of the letter on its partition
   * @param depot depot of the event, inside the module
   * @param partition partition of the event
   * @param offset offset of the event
   * @param eventTimeMs stamp of the event
   * @param place operator that threw, with its line
   * @param task task the stage ran on
   * @param attempts how often it was tried
   * @param error what it threw
   * @param stoppedAtMs when it failed for good
   * @param decidedAtMs when it was given up
   * @param decision {@code skip}
   * @param value the value the stage was run for
   */
  record DeadLetter(
      long id,
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
  List<FoldStop> stopped();

  /**
   * Goes on everywhere it has stopped, beginning with the stage that failed; does nothing where it
   * has not. {@link TopologyControl} can do one partition, and says what happened.
   */
  void resume();

  /**
   * Goes on everywhere it has stopped, without the stage that failed: it becomes a dead letter.
   * Does nothing where it has not stopped.
   */
  void skip();
}
