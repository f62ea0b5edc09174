package io.millrace.node;

import io.millrace.engine.Engine;
import io.millrace.engine.depot.DepotClient;
import io.millrace.engine.depot.TokenWait;
import io.millrace.engine.health.DiskStatus;
import io.millrace.engine.health.HealthFact;
import io.millrace.engine.state.RequestMemory;
import io.millrace.engine.topology.PStateClient;
import io.millrace.engine.topology.TopologyControl;
import io.millrace.resp.server.EngineFacts;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the RESP door asks about the node: figures, saving, stopping. */
final class NodeFacts implements EngineFacts {
  private static final Logger LOG = LoggerFactory.getLogger(NodeFacts.class);

  private final RequestMemory memory;
  private final Runnable stop;
  private final Consumer<Throwable> fatal;
  private volatile @Nullable Engine engine;
  private volatile long lastCheckpointMs = System.currentTimeMillis();

  NodeFacts(RequestMemory memory, Runnable stop, Consumer<Throwable> fatal) {
    this.memory = memory;
    this.stop = stop;
    this.fatal = fatal;
  }

  void attach(Engine opened) {
    engine = opened;
  }

  @Override
  public RequestMemory requestMemory() {
    return memory;
  }

  @Override
  public long usedMemory() {
    var current = engine;
    return current == null ? 0 : current.usedMemoryBytes();
  }

  @Override
  public long journalPosition() {
    var current = engine;
    return current == null ? 0 : current.status().appended();
  }

  @Override
  public long syncedPosition() {
    var current = engine;
    return current == null ? 0 : current.status().synced();
  }

  @Override
  public long lastCheckpointSeconds() {
    return Math.max(lastCheckpointMs, disk().lastCheckpointMs()) / 1_000;
  }

  @Override
  public void checkpoint(Consumer<@Nullable Exception> done) {
    var current = engine;
    if (current == null) {
      done.accept(new IllegalStateException("the engine is not open yet"));
      return;
    }
    Thread.ofPlatform()
        .name("save")
        .daemon()
        .start(() -> {
          try {
            current.checkpoint();
            lastCheckpointMs = System.currentTimeMillis();
            done.accept(null);
          } catch (IOException | RuntimeException e) {
            LOG.error("A checkpoint asked for by a client failed", e);
            done.accept(e);
          }
        });
  }

  @Override
  public Map<String, Object> figures() {
    var current = engine;
    if (current == null) {
      return Map.of();
    }
    var status = current.status();
    var figures = new LinkedHashMap<String, Object>();
    figures.put("engine_epoch", status.epoch());
    figures.put("journal_appended", status.appended());
    figures.put("journal_written", status.written());
    figures.put("journal_synced", status.synced());
    figures.put("journal_truncated_segments", status.truncatedSegments());
    figures.put("checkpoints", status.checkpoints());
    figures.put("checkpoint_position", status.checkpoint());
    figures.put("checkpoint_phase", status.checkpointPhase());
    figures.put("store_flushes", status.flushes());
    return figures;
  }

  @Override
  public DiskStatus disk() {
    var current = engine;
    return current == null ? DiskStatus.NONE : current.disk();
  }

  @Override
  public List<HealthFact> health() {
    var current = engine;
    return current == null ? List.of() : current.health().all();
  }

  @Override
  public long digest() {
    var current = engine;
    return current == null ? 0 : current.digestHeld();
  }

  @Override
  public void shutdown() {
    stop.run();
  }

  @Override
  public DepotClient<Object> depot(String name) {
    var current = engine;
    return current == null ? EngineFacts.super.depot(name) : current.depot(name);
  }

  @Override
  public PStateClient pstate(String name) {
    var current = engine;
    return current == null ? EngineFacts.super.pstate(name) : current.pstate(name);
  }

  @Override
  public TopologyControl topologies() {
    var current = engine;
    return current == null ? TopologyControl.NONE : current.control();
  }

  @Override
  public TokenWait waitFor(String token) {
    var current = engine;
    return current == null ? EngineFacts.super.waitFor(token) : current.waitFor(token);
  }

  @Override
  public void failed(Throwable cause) {
    fatal.accept(cause);
  }
}
