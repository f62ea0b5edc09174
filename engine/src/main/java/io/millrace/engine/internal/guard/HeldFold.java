package io.millrace.engine.internal.guard;

/**
 * A stage of a topology that runs, as people want to read it.
 *
 * @param module module
 * @param topology topology
 * @param depot depot of the event the stage belongs to
 * @param partition partition of that event
 * @param offset offset of that event
 * @param place operator that runs
 * @param task task it runs on
 * @param comesAgain whether the next process would meet it: its event is in the journal, or was
 *     appended by a fold; one that has just come through a door is lost with the process
 */
public record HeldFold(
    String module,
    String topology,
    String depot,
    int partition,
    long offset,
    String place,
    int task,
    boolean comesAgain) {
  @Override
  public String toString() {
    return "topology="
        + module
        + "/"
        + topology
        + " at "
        + place
        + " on task "
        + task
        + ", event depot="
        + depot
        + " partition="
        + partition
        + " offset="
        + offset;
  }
}
