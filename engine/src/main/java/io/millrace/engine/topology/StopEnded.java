package io.millrace.engine.topology;

import io.millrace.engine.depot.FoldStop;
import org.jspecify.annotations.Nullable;

/**
 * A stop that has been ended; in the journal, and released.
 *
 * @param topology {@code module/topology}
 * @param depot depot inside the module
 * @param partition partition of the depot
 * @param offset event whose stage had failed
 * @param skipped true when that stage was given up, false when it runs again
 * @param deadLetter number of the dead letter it became on its partition, or -1
 * @param catchUpFrom first event that was missed, or -1 when none was
 * @param catchUpTo end of what was missed, exclusive, or -1
 * @param again the stop that followed at once, because a stage failed again, or null
 */
public record StopEnded(
    String topology,
    String depot,
    int partition,
    long offset,
    boolean skipped,
    long deadLetter,
    long catchUpFrom,
    long catchUpTo,
    @Nullable FoldStop again) {

  /** What happened, as one line. */
  public String text() {
    return (skipped ? "skipped " : "resumed ")
        + topology
        + ": depot="
        + depot
        + " partition="
        + partition
        + " offset="
        + offset
        + (skipped ? " dead_letter=" + deadLetter : " runs again")
        + (catchUpFrom < 0
            ? ", nothing was missed"
            : ", catching up from " + catchUpFrom + " to " + catchUpTo)
        + (again == null ? "" : "; but stopped again: " + again.text());
  }
}
