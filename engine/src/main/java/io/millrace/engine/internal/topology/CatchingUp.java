package io.millrace.engine.internal.topology;

import io.millrace.engine.internal.log.JournalReader;
import io.millrace.engine.internal.runtime.AppendExecution;
import io.millrace.engine.internal.runtime.Node;
import io.millrace.engine.internal.runtime.SysRecords;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings resumed topologies up to date: reads what they missed and appends it as records. */
final class CatchingUp {
  private static final Logger LOG = LoggerFactory.getLogger(CatchingUp.class);
  private static final int EVENTS_PER_RECORD = 256;
  private static final int BYTES_PER_RECORD = 1 << 20;
  private static final int ROOM = 2 * BYTES_PER_RECORD;

  private CatchingUp() {}

  /** What one topology has missed on one partition. */
  private record Gap(Stops.Key key, int depotId, long from, long target) {}

  /** Appends what was missed until nothing is left, or what is left cannot be read yet. */
  static void run(ModuleHost host, Node node) {
    for (Gap gap = find(host, node); gap != null; gap = find(host, node)) {
      var events = read(node, gap);
      if (events.isEmpty()) {
        LOG.warn(
            "topology {}/{} cannot catch up, its events are gone: depot={} partition={} from={}",
            host.name(),
            gap.key.stream(),
            gap.key.depot(),
            gap.key.partition(),
            gap.from);
        return;
      }
      var next = events.getLast().offset() + 1;
      var body =
          Decisions.encode(
              new Decisions.CatchUp(
                  host.name(),
                  gap.key.stream(),
                  gap.key.depot(),
                  gap.key.partition(),
                  gap.from,
                  next,
                  events));
      var partition = gap.key.partition();
      node.run(ROOM, held -> append(held, partition, body));
      node.drain();
    }
  }

  private static long append(AppendExecution held, int partition, byte[] body) {
    return held.appendEvent(
        SysRecords.DEPOT_ID, partition, Decisions.CATCH_UP, 1, null, body, 0, body.length);
  }

  private static @Nullable Gap find(ModuleHost host, Node node) {
    return node.run(
            held -> {
              Gap gap = null;
              for (var stop : host.stops().all()) {
                if (stop.state.catchingUp() && gap == null) {
                  var id = host.depotId(stop.key.depot());
                  gap = new Gap(stop.key, id, stop.state.nextOffset(), stop.state.target());
                }
              }
              return java.util.Optional.ofNullable(gap);
            })
        .value()
        .orElse(null);
  }

  private static List<Decisions.Missed> read(Node node, Gap gap) {
    var events = new ArrayList<Decisions.Missed>();
    var bytes = 0;
    var journal = node.journal();
    node.awaitReleased(journal.appended(), 1_000_000_000L);
    try (JournalReader reader = journal.read(journal.start())) {
      while (events.size() < EVENTS_PER_RECORD && bytes < BYTES_PER_RECORD && reader.next()) {
        var record = reader.record();
        if (record.depot() == gap.depotId
            && record.partition() == gap.key.partition()
            && record.offset() >= gap.from
            && record.offset() < gap.target) {
          var body =
              java.util.Arrays.copyOfRange(
                  record.bytes(), record.bodyOffset(), record.bodyOffset() + record.bodyLength());
          bytes += body.length;
          events.add(
              new Decisions.Missed(
                  record.offset(), record.timeMs(), record.type(), record.version(), body));
        }
      }
    }
    return events;
  }
}
