package io.millrace.engine.internal.topology;

import io.millrace.engine.event.EventFormat;
import io.millrace.engine.event.EventType;
import io.millrace.engine.internal.runtime.FoldRecord;
import io.millrace.engine.internal.runtime.SysRecords;
import io.millrace.engine.internal.stage.Aliases;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records of the {@code sys} depot about topologies: what no event decides. Each is JSON except
 * {@link CatchUp}, which carries events. They name topologies and depots by their first names: they
 * may be folded when others have the names of that time.
 */
public final class Decisions {
  /** Type id of {@link Stop}. */
  static final int STOP = SysRecords.FIRST_DECISION;

  /** Type id of {@link Resume}. */
  public static final int RESUME = STOP + 1;

  /** Type id of {@link CatchUp}. */
  static final int CATCH_UP = STOP + 2;

  /** Type id of {@link Pause}. */
  static final int PAUSE = STOP + 8;

  private static final EventType<Pause> PAUSE_TYPE = EventType.of(Pause.class);
  private static final EventType<Stop> STOP_TYPE = EventType.of(Stop.class);
  private static final EventType<Resume> RESUME_TYPE = EventType.of(Resume.class);
  private static final EventType<CatchUp> CATCH_UP_TYPE = EventType.of(CatchUp.class);

  private Decisions() {}

  /**
   * A topology stops: in the fold of the record that follows in the journal, a stage has used its
   * retries up.
   *
   * @param module module
   * @param topology topology that stops
   * @param depot depot of the event the stage belongs to
   * @param partition partition of that event
   * @param offset offset of that event
   * @param recordTimeMs stamp of the record that follows
   * @param item number of the stage among those run by that record
   * @param place operator that threw
   * @param stage name of the place at which the stage begins; null in old records
   * @param attempts how often it was tried
   * @param error what it threw
   */
  record Stop(
      String module,
      String topology,
      String depot,
      int partition,
      long offset,
      long recordTimeMs,
      int item,
      String place,
      @Nullable String stage,
      int attempts,
      String error) {
    /** True when it names a stage, whatever its topology is called now. */
    boolean isOf(String stream, String stageAt, Aliases aliases) {
      return aliases.recordedStream(topology).equals(stream)
          && (stage == null || stage.equals(stageAt));
    }
  }

  /**
   * The fold of the record that follows in the journal took long: it ended after so many stages,
   * and the others wait for later records.
   *
   * @param module module
   * @param recordTimeMs stamp of the record that follows
   * @param items number of stages that were run
   */
  record Pause(String module, long recordTimeMs, int items) {}

  /**
   * A stopped topology goes on.
   *
   * @param skip true to give up the stage that failed, which becomes a dead letter
   */
  public record Resume(String module, String topology, String depot, int partition, boolean skip) {
    /** The same by the present names. */
    Resume by(Aliases aliases) {
      return new Resume(
          module, aliases.recordedStream(topology), aliases.recordedDepot(depot), partition, skip);
    }
  }

  /**
   * Events of the depot that were appended while a topology was stopped, for it to fold now. They
   * are carried along, so that replay does not depend on what the depot still keeps.
   *
   * @param from offset the first missed event had or was looked for from
   * @param next offset to go on from
   * @param keys their idempotency keys, empty where an event has none; null in records from before
   *     answers were kept
   */
  record CatchUp(
      String module,
      String topology,
      String depot,
      int partition,
      long from,
      long next,
      List<Missed> events,
      @Nullable List<byte[]> keys) {

    /** The same by the present names. */
    CatchUp by(Aliases aliases) {
      return new CatchUp(
          module,
          aliases.recordedStream(topology),
          aliases.recordedDepot(depot),
          partition,
          from,
          next,
          events,
          keys);
    }

    /** The idempotency key of one of the events, or null. */
    byte @Nullable [] key(int event) {
      var key = keys == null ? null : keys.get(event);
      return key == null || key.length == 0 ? null : key;
    }
  }

  /** One event of a {@link CatchUp}. */
  record Missed(long offset, long timeMs, int type, int version, byte[] body) {}

  static byte[] encode(Stop stop) {
    return STOP_TYPE.encode(stop, EventFormat.JSON);
  }

  static byte[] encode(Pause pause) {
    return PAUSE_TYPE.encode(pause, EventFormat.JSON);
  }

  public static byte[] encode(Resume resume) {
    return RESUME_TYPE.encode(resume, EventFormat.JSON);
  }

  static byte[] encode(CatchUp catchUp) {
    return CATCH_UP_TYPE.encode(catchUp, EventFormat.BINARY);
  }

  static Stop stop(FoldRecord record) {
    return STOP_TYPE.decode(record.array(), record.offset(), record.length(), EventFormat.JSON);
  }

  static Pause pause(FoldRecord record) {
    return PAUSE_TYPE.decode(record.array(), record.offset(), record.length(), EventFormat.JSON);
  }

  static Resume resume(FoldRecord record) {
    return RESUME_TYPE.decode(record.array(), record.offset(), record.length(), EventFormat.JSON);
  }

  static CatchUp catchUp(FoldRecord record) {
    return CATCH_UP_TYPE.decode(
        record.array(), record.offset(), record.length(), EventFormat.BINARY);
  }
}
