package io.millrace.engine.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.internal.log.JournalConfig;
import io.millrace.engine.internal.runtime.AppendExecution;
import io.millrace.engine.internal.runtime.SystemSpace;
import io.millrace.engine.internal.store.TieredStore;
import io.millrace.engine.state.SpaceOrder;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointerTest {
  private static final long HOT = 4 << 20;

  @TempDir Path directory;

  private NodeHost open(boolean background) throws Exception {
    var options =
        new NodeHost.Options(
            directory,
            1,
            JournalConfig.in(directory.resolve("journal")),
            TieredStore::open,
            new NodeHost.Memory(HOT, 1 << 20, 1 << 20),
            new NodeHost.Checkpoints(Long.MAX_VALUE, Long.MAX_VALUE, false, 0),
            () -> 1,
            background,
            failure -> {});
    return NodeHost.open(options, List.of());
  }

  private static boolean fill(AppendExecution x, long bytes) {
    var space = x.createSpace(SystemSpace.FAMILY, SpaceOrder.HASH);
    var value = new byte[1 << 10];
    for (var i = 0; i < bytes >> 10; i++) {
      var key = ByteBuffer.allocate(4).putInt(i).array();
      x.task(0).put(space, key, 0, 4, i, 0, 0, value, 0, value.length, null);
    }
    return true;
  }

  @Test
  void muchThatChangedWithoutARecordIsWorthACheckpointOnANodeThatIsIdle() throws Exception {
    try (var host = open(false)) {
      var node = host.node();
      var settings = new Checkpointer.Settings(Long.MAX_VALUE, Long.MAX_VALUE, null);
      var kept = KeptCheckpoints.open(directory, 0);
      var appended = node.journal().appended();
      var disk = new DiskWatch(directory, node.journal(), () -> 0L);
      var checkpointer =
          new Checkpointer(node, settings, kept, () -> Long.MAX_VALUE, disk, appended);
      assertThat(checkpointer.due()).isFalse();
      node.run(x -> fill(x, HOT / 2));
      assertThat(node.journal().appended()).isEqualTo(appended);
      assertThat(checkpointer.due()).isTrue();
      checkpointer.checkpoint();
      assertThat(checkpointer.due()).isFalse();
    }
  }

  @Test
  void theDiskIsWatchedWhileAFoldHoldsTheNode() throws Exception {
    try (var host = open(true)) {
      var node = host.node();
      var seen =
          node.run(
                  x -> {
                    // Until the thread that folds behind stands before the lock.
                    LockSupport.parkNanos(100_000_000);
                    // Less than what makes a checkpoint due.
                    fill(x, HOT / 8);
                    var before = host.disk().neededBytes();
                    for (var i = 0; i < 200 && host.disk().neededBytes() <= before; i++) {
                      LockSupport.parkNanos(10_000_000);
                    }
                    return host.disk().neededBytes() - before;
                  })
              .value();
      assertThat(seen).isPositive();
    }
  }

  @Test
  void aCheckpointThatWasKeptBeforeThatFailedIsNotKeptOnceMore() throws Exception {
    try (var host = open(false)) {
      var node = host.node();
      var position = host.checkpoint();
      var kept = KeptCheckpoints.open(directory, 1);
      // What the first try has left that failed behind it.
      var checkpoints = directory.resolve(KeptCheckpoints.DIRECTORY);
      node.store().keep(KeptCheckpoints.path(checkpoints, position));
      kept.keep(node.store(), position);
      assertThat(kept.oldest()).isEqualTo(position);
    }
  }
}
