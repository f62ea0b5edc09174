package io.millrace.resp.differential;

import io.millrace.engine.Engine;
import io.millrace.engine.EngineConfig;
import io.millrace.resp.RespConfig;
import io.millrace.resp.RespServer;
import io.millrace.resp.server.EngineFacts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The main class of a child process: an engine with the RESP door, until its input ends. */
final class ChildNode {
  private ChildNode() {}

  /** Arguments: data directory, tasks, lanes, appendfsync. */
  public static void main(String[] args) throws IOException {
    EngineConfig config =
        tiny(EngineConfig.in(Path.of(args[0])).withTasks(Integer.parseInt(args[1])))
            .withAppendfsync(EngineConfig.FsyncPolicy.valueOf(args[3]));
    RespServer door =
        RespServer.prepare(
            new RespConfig(
                "127.0.0.1", 0, Integer.parseInt(args[2]), Map.of("enable-debug-command", "yes")),
            EngineFacts.none());
    Engine engine = Engine.open(config, List.of(door.keyspace()));
    RespServer open = door.open(engine::lane);
    System.out.println("port " + open.port());
    while (System.in.read() >= 0) {
      continue;
    }
    open.close();
    engine.close();
  }

  /** So little memory and such small segments that a sequence meets all of them. */
  static EngineConfig tiny(EngineConfig config) {
    return config.withMemory(1 << 20, 1 << 20).withCheckpoints(64 << 10, 64 << 10, 60_000);
  }
}
