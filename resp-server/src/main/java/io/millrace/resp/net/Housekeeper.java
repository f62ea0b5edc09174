package io.millrace.resp.net;

import io.millrace.engine.state.Execution;
import io.millrace.engine.state.ReadTooLargeException;
import io.millrace.resp.keyspace.RecordType;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens by the clock, ten times a second: reclaiming expired keys, freeing what was removed,
 * and the server's clock.
 */
final class Housekeeper {
  private static final Logger LOG = LoggerFactory.getLogger(Housekeeper.class);
  private static final int PERIOD_MS = 100;
  private static final int RECLAIM_BATCH = 2000;
  private static final int SWEEP_BATCH = 5000;
  private static final long MOST_NANOS = 2_000_000;
  private static final int FREE_PAGES = 16;
  private static final long FREE_NANOS = 500_000;
  private static final int FREE_PAUSE_MS = 2;

  private final RespLane lane;

  Housekeeper(RespLane lane) {
    this.lane = lane;
  }

  private boolean freeing;

  void start() {
    lane.loop().scheduleAtFixedRate(this::run, PERIOD_MS, PERIOD_MS, TimeUnit.MILLISECONDS);
  }

  private void run() {
    change(execution -> {
      var server = lane.server();
      server.tick(System.currentTimeMillis());
      var keyspace = server.keyspace();
      keyspace.expiry().sweep(execution, SWEEP_BATCH);
      boolean expires = server.activeExpire() && !server.pause().on();
      if (expires && keyspace.expiry().expirable(execution.stampMs())) {
        lane.readsInPlace();
        expire(execution);
        server.announcer().tell(execution);
      }
    });
    if (!freeing && lane.server().keyspace().hasDiscarded()) {
      freeing = true;
      free();
    }
  }

  /** A short hold at a time, so that commands come in between, until all is freed. */
  private void free() {
    boolean[] more = {false};
    change(execution -> {
      lane.readsInPlace();
      long deadline = System.nanoTime() + FREE_NANOS;
      var keyspace = lane.server().keyspace();
      do {
        more[0] = keyspace.freeDiscarded(execution, FREE_PAGES);
      } while (more[0] && System.nanoTime() < deadline);
    });
    freeing = more[0];
    if (freeing) {
      lane.loop().schedule(this::free, FREE_PAUSE_MS, TimeUnit.MILLISECONDS);
    }
  }

  /** Work that fails is tried again next time; an event loop would never run it again. */
  private void change(Consumer<Execution> work) {
    lane.change(execution -> {
      try {
        work.accept(execution);
      } catch (ReadTooLargeException tooMuchInMemory) {
        // There will be room when entries have left memory.
        LOG.debug("housekeeping waits for memory");
      } catch (RuntimeException broken) {
        LOG.error("housekeeping failed", broken);
        if (execution.mutated()) {
          lane.server().engine().failed(broken);
        }
      }
    });
  }

  /** An idle node first logs that time has passed: nothing newer than a record is reclaimed. */
  private void expire(Execution execution) {
    var keyspace = lane.server().keyspace();
    if (keyspace.expiry().needsClock(execution)) {
      execution.append(keyspace.depotId(), 0, RecordType.CLOCK, new int[0], new byte[0], 0, 0);
    }
    long deadline = System.nanoTime() + MOST_NANOS;
    int reclaimed;
    do {
      reclaimed = keyspace.expiry().reclaim(execution, RECLAIM_BATCH);
      lane.server().stats().expiredKeys += reclaimed;
    } while (reclaimed > 0 && System.nanoTime() < deadline);
  }
}
