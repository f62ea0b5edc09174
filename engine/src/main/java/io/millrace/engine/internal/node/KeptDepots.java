package io.millrace.engine.internal.node;

import io.millrace.engine.depot.Retention;
import io.millrace.engine.internal.depots.DepotConfig;
import io.millrace.engine.internal.depots.DepotSegments;
import io.millrace.engine.internal.depots.NeededEvents;
import io.millrace.engine.internal.log.Journal;
import io.millrace.engine.internal.runtime.DepotSpec;
import io.millrace.engine.internal.runtime.HostedModule;
import io.millrace.engine.internal.runtime.ModuleRegistry;
import io.millrace.engine.internal.runtime.Node;
import io.millrace.engine.internal.store.TieredStore;
import java.io.IOException;
import java.nio.file.Path;

/** The depots of a node that outlive the checkpoint: which are kept, how long, and what for. */
final class KeptDepots {
  private static final String DIRECTORY = "depots";

  private KeptDepots() {}

  /** Opens the segments of all depots of the directory, those of absent modules included. */
  static DepotSegments open(
      NodeHost.Options options, Journal journal, ModuleRegistry registry, FormatFile format)
      throws IOException {
    DepotConfig config =
        DepotConfig.in(options.directory().resolve(DIRECTORY))
            .files(options.journal().files())
            .salt(format.hashSeed());
    DepotSegments depots = DepotSegments.open(config, journal, options.clockMs());
    for (HostedModule module : registry.hosted()) {
      for (DepotSpec depot : module.depots()) {
        Integer id = registry.depotId(module.name() + "/" + depot.name());
        if (depot.keep() && id != null) {
          depots.keep(id, depot.retention());
        }
      }
    }
    // What an absent module may still need is not given up in its absence, by no retention, nor
    // with the journal that alone has what was not copied yet.
    for (int id : registry.absentKeptDepots()) {
      depots.keep(id, Retention.FOREVER);
    }
    return depots;
  }

  /** Deletes the segments of depots that were given up; the newest cut must know of it. */
  static void deleteRetired(NodeHost.Options options, ModuleRegistry registry) throws IOException {
    Path all = options.directory().resolve(DIRECTORY);
    for (int id : registry.retiredDepots()) {
      KeptCheckpoints.delete(all.resolve(Integer.toString(id)));
    }
  }

  /** Events that stopped topologies have not folded, as of now. */
  static NeededEvents needed(Node node, ModuleRegistry registry) {
    var modules = registry.hosted();
    return (depot, partition) ->
        node.read(held ->
                modules.stream()
                    .mapToLong(module -> module.neededFrom(depot, partition))
                    .min()
                    .orElse(Long.MAX_VALUE))
            .value();
  }

  /** Forces the copies, and says from where on the journal is still needed for them. */
  static long copied(DepotSegments depots) throws IOException {
    depots.sync();
    return depots.syncedEnd();
  }

  /** What checkpoints, copies of depots and merged tables take. */
  record StoreTables(TieredStore store, Journal journal, DepotSegments depots)
      implements DiskWatch.Tables {
    @Override
    public long unsaved() {
      long copied = depots.copiedTo();
      // Nothing is known before the first copy.
      return store.dirtyBytes() + (copied == 0 ? 0 : Math.max(0, journal.written() - copied));
    }

    @Override
    public long bytes() {
      return store.tableBytes();
    }

    @Override
    public void mayMerge(boolean allowed) {
      store.mayMerge(allowed);
    }
  }
}
