package io.millrace.engine.internal.topology;

import io.millrace.engine.depot.DepotReader;
import io.millrace.engine.depot.DepotRecord;
import io.millrace.engine.internal.runtime.AppendExecution;
import io.millrace.engine.internal.runtime.Node;
import io.millrace.engine.internal.runtime.SysRecords;
import java.io.IOException;
import java.io.UncheckedIOException;
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
  private static final byte[] NO_KEY = {};
  private static final long RELEASE_WAIT_NS = 1_000_000_000L;

  private CatchingUp() {}

  /**
   * What one topology has missed on one partition.
   *
   * @param stream first name of the topology
   * @param depot first name of the depot
   */
  private record Gap(
      FailedTopologies.Key key, String stream, String depot, int depotId, long from, long target) {}

  /** Events and their idempotency keys, empty where there is none. */
  private record Read(List<Decisions.Missed> events, List<byte[]> keys) {}

  /** Appends what was missed until nothing is left, or what is left cannot be read yet. */
  static void run(ModuleHost host, Node node) {
    for (Gap gap = find(host, node); gap != null; gap = find(host, node)) {
      if (node.diskFull()) {
        // All it missed would be journaled once more, in the room of the next checkpoint.
        return;
      }
      Read read;
      try {
        read = read(node, gap);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      var events = read.events;
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
                  gap.stream,
                  gap.depot,
                  gap.key.partition(),
                  gap.from,
                  next,
                  events,
                  read.keys));
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
                  gap =
                      new Gap(
                          stop.key,
                          host.aliases().firstStream(stop.key.stream()),
                          host.aliases().firstDepot(stop.key.depot()),
                          id,
                          stop.state.nextOffset(),
                          stop.state.target());
                }
              }
              return java.util.Optional.ofNullable(gap);
            })
        .value()
        .orElse(null);
  }

  private static Read read(Node node, Gap gap) throws IOException {
    var events = new ArrayList<Decisions.Missed>();
    var keys = new ArrayList<byte[]>();
    var bytes = 0;
    node.awaitReleased(node.journal().appended(), RELEASE_WAIT_NS);
    try (DepotReader reader = node.depot(gap.depotId, gap.key.partition(), gap.from)) {
      for (DepotRecord record = reader.next();
          record != null && record.offset() < gap.target;
          record = reader.next()) {
        var key = record.key();
        keys.add(key == null ? NO_KEY : key);
        bytes += record.body().length + keys.getLast().length;
        events.add(
            new Decisions.Missed(
                record.offset(), record.timeMs(), record.type(), record.version(), record.body()));
        if (events.size() >= EVENTS_PER_RECORD || bytes >= BYTES_PER_RECORD) {
          break;
        }
      }
    }
    return new Read(events, keys);
  }
}
