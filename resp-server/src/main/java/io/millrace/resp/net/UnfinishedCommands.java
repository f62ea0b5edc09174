package io.millrace.resp.net;

import io.millrace.engine.state.RequestMemory;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The connections of a lane that hold a large part of a command. While memory is scarce, one that
 * sends nothing more for a time is closed: it would keep what all share from the others for as long
 * as it likes. Used by the lane's thread only; it wakes only while there is such a connection.
 */
final class UnfinishedCommands {
  private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final int PERIOD_MS = 1000;

  private final RespLane lane;
  private final RequestMemory memory;
  private final Map<Connection, Long> heard = new IdentityHashMap<>();

  UnfinishedCommands(RespLane lane, RequestMemory memory) {
    this.lane = lane;
    this.memory = memory;
  }

  /** A connection with large input has sent something. */
  void heard(Connection connection) {
    if (heard.isEmpty()) {
      lane.loop().schedule(this::sweep, PERIOD_MS, TimeUnit.MILLISECONDS);
    }
    heard.put(connection, System.nanoTime());
  }

  private void sweep() {
    long now = System.nanoTime();
    List<Connection> silent = new ArrayList<>();
    heard
        .entrySet()
        .removeIf(entry -> {
          var connection = entry.getKey();
          if (connection.closed || connection.inputBytes() <= Connection.LARGE_INPUT) {
            return true;
          }
          if (connection.unfinished() && now - entry.getValue() >= SILENCE_NANOS) {
            silent.add(connection);
          }
          return false;
        });
    if (!heard.isEmpty()) {
      lane.loop().schedule(this::sweep, PERIOD_MS, TimeUnit.MILLISECONDS);
    }
    // Those before may have given back enough.
    for (var connection : silent) {
      if (memory.used() > memory.limit() / 2) {
        lane.closedUnfinished(connection);
        connection.context().close();
      }
    }
  }
}
