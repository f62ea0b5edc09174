package io.millrace.resp.differential;

import io.millrace.engine.Engine;
import io.millrace.engine.EngineConfig;
import io.millrace.resp.RespConfig;
import io.millrace.resp.RespServer;
import io.millrace.resp.server.EngineFacts;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Millrace in this process: an engine and its RESP door over one data directory. */
final class EngineTarget implements Target {
  private final EngineConfig config;
  private final int lanes;
  private Engine engine;
  private RespServer door;

  EngineTarget(EngineConfig config, int lanes) throws IOException {
    this.config = config;
    this.lanes = lanes;
    RespServer prepared = prepare();
    engine = Engine.open(config, List.of(prepared.keyspace()));
    door = prepared.open(engine::lane);
  }

  private RespServer prepare() {
    return RespServer.prepare(
        new RespConfig("127.0.0.1", 0, lanes, Map.of("enable-debug-command", "yes")),
        EngineFacts.none());
  }

  Engine engine() {
    return engine;
  }

  @Override
  public int port() {
    return door.port();
  }

  @Override
  public void crash() throws IOException {
    door.close();
    engine.abandon();
    RespServer prepared = prepare();
    engine = Engine.open(config, List.of(prepared.keyspace()));
    door = prepared.open(engine::lane);
  }

  @Override
  public void close() throws IOException {
    door.close();
    engine.close();
  }
}
