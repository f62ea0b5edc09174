package io.millrace.engine.internal.node;

import static io.millrace.engine.pstate.Scalar.LONG;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.internal.client.ModuleClients;
import io.millrace.engine.internal.log.JournalConfig;
import io.millrace.engine.internal.runtime.HostedModule;
import io.millrace.engine.internal.store.TieredStore;
import io.millrace.engine.internal.topology.ModuleHost;
import io.millrace.engine.module.Definition;
import io.millrace.engine.module.EngineModule;
import io.millrace.engine.path.Path;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.topology.TopologyControl.Decision;
import io.millrace.engine.topology.TopologyControl.Which;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node does by itself while the disk has room for the next checkpoint only. */
class TightDiskTest {
  record Click(long user, long number) {}

  static final class Clicks implements EngineModule {
    private final AtomicBoolean broken;

    Clicks(AtomicBoolean broken) {
      this.broken = broken;
    }

    @Override
    public void define(Definition def) {
      var clicks = def.depot("clicks", Click.class).partitionBy(Click::user);
      var last = def.pstate("last", Schema.map(LONG, LONG));
      def.stream("last")
          .retries(0)
          .from(clicks)
          .each((event, at) -> {
            if (broken.get()) {
              throw new IllegalStateException("broken");
            }
            at.write(last).key(event.user()).set(event.number());
          });
    }
  }

  @TempDir java.nio.file.Path directory;

  private NodeHost open(List<HostedModule> modules) throws Exception {
    var options =
        new NodeHost.Options(
            directory,
            1,
            JournalConfig.in(directory.resolve("journal")),
            TieredStore::open,
            new NodeHost.Memory(16 << 20, 1 << 20, 1 << 20),
            new NodeHost.Checkpoints(Long.MAX_VALUE, Long.MAX_VALUE, false, 0),
            () -> 1,
            false,
            failure -> {});
    return NodeHost.open(options, modules);
  }

  @Test
  void aTopologyCatchesUpWhenThereIsRoomAgainAndNotBefore() throws Exception {
    var broken = new AtomicBoolean(true);
    List<HostedModule> hosted = List.of(new ModuleHost(new Clicks(broken)));
    try (var host = open(hosted)) {
      var node = host.node();
      var modules = new ModuleClients(hosted, node, 1, node::snapshot);
      for (var i = 0; i < 30; i++) {
        modules.depot("clicks").append(new Click(7, i));
      }
      broken.set(false);
      node.refuseWhile(() -> true);
      modules.control().end("last", Which.ALL, Decision.RESUME);
      var appended = node.journal().appended();
      host.housekeep();
      assertThat(node.journal().appended()).isEqualTo(appended);
      node.refuseWhile(() -> false);
      host.housekeep();
      assertThat(modules.pstate("last").get(Path.key(7L))).isEqualTo(29L);
    }
  }
}
