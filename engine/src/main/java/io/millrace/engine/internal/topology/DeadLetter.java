package io.millrace.engine.internal.topology;

import io.millrace.engine.event.EventFormat;
import io.millrace.engine.event.EventType;
import io.millrace.engine.event.InvalidEventException;
import io.millrace.engine.internal.codec.ByteReader;
import io.millrace.engine.internal.stage.HopValueCodec;
import io.millrace.engine.internal.stage.StageCodec;
import io.millrace.engine.topology.TopologyClient;
import org.jspecify.annotations.Nullable;

/**
 * A stage that was given up: format 1 of dead letters.
 *
 * @param topology topology that gave it up
 * @param depot depot of the event
 * @param partition partition of the event
 * @param offset offset of the event
 * @param eventTimeMs stamp of the event
 * @param place operator that threw
 * @param task task the stage ran on
 * @param attempts how often it was tried
 * @param error what it threw
 * @param stoppedAtMs stamp of the record during whose fold it failed for good
 * @param decidedAtMs stamp of the record that gave it up
 * @param decision what was decided: {@code skip}
 * @param value the value the stage was run for, in the form of waiting hops
 */
record DeadLetter(
    String topology,
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
    byte[] value) {
  private static final EventType<DeadLetter> TYPE = EventType.of(DeadLetter.class);

  static DeadLetter decode(byte[] value) {
    return TYPE.decode(value, 0, value.length, EventFormat.BINARY);
  }

  /** The letter as clients see it. */
  TopologyClient.DeadLetter shown(long id, StageCodec forms) {
    return new TopologyClient.DeadLetter(
        id,
        forms.aliases().depotOf(depot),
        partition,
        offset,
        eventTimeMs,
        place,
        task,
        attempts,
        error,
        stoppedAtMs,
        decidedAtMs,
        decision,
        value(forms.values()));
  }

  /** A letter outlives the form of its value: then it says that it cannot be shown. */
  private @Nullable Object value(HopValueCodec forms) {
    try {
      return forms.read(new ByteReader(value, 0, value.length));
    } catch (IllegalStateException | InvalidEventException e) {
      return "(not readable by this version of the module: " + e.getMessage() + ")";
    }
  }

  byte[] encode() {
    return TYPE.encode(this, EventFormat.BINARY);
  }
}
