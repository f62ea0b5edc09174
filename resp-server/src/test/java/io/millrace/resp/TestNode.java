package io.millrace.resp;

import io.millrace.engine.Engine;
import io.millrace.engine.EngineConfig;
import io.millrace.resp.server.EngineFacts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** An engine with the keyspace and a RESP door on a free port, in this process. */
public final class TestNode implements AutoCloseable {
  private final Engine engine;
  private final RespServer door;

  private TestNode(Engine engine, RespServer door) {
    this.engine = engine;
    this.door = door;
  }

  /** Starts on a directory with defaults. */
  public static TestNode start(Path directory) throws IOException {
    return start(directory, 1, Map.of(), config -> config.withTasks(4));
  }

  /** Starts on a directory. */
  public static TestNode start(
      Path directory, int lanes, Map<String, String> settings, UnaryOperator<EngineConfig> change)
      throws IOException {
    return start(directory, lanes, settings, EngineFacts.none(), change);
  }

  /** Starts on a directory, with what is told about an engine. */
  public static TestNode start(
      Path directory,
      int lanes,
      Map<String, String> settings,
      EngineFacts facts,
      UnaryOperator<EngineConfig> change)
      throws IOException {
    var door = RespServer.prepare(new RespConfig("127.0.0.1", 0, lanes, settings), facts);
    var engine = Engine.open(change.apply(EngineConfig.in(directory)), List.of(door.keyspace()));
    return new TestNode(engine, door.open(engine::lane));
  }

  /** Port of the door. */
  public int port() {
    return door.port();
  }

  /** The engine. */
  public Engine engine() {
    return engine;
  }

  /** The door. */
  public RespServer door() {
    return door;
  }

  /** Ends as a crash would. */
  public void crash() throws IOException {
    door.close();
    engine.abandon();
  }

  @Override
  public void close() throws IOException {
    door.close();
    engine.close();
  }

  /** Runs a node until its input ends; for looking at it by hand. */
  public static void main(String[] args) throws IOException {
    int tasks = args.length > 1 ? Integer.parseInt(args[1]) : 64;
    int lanes = args.length > 2 ? Integer.parseInt(args[2]) : 1;
    int port = args.length > 3 ? Integer.parseInt(args[3]) : 0;
    var door =
        RespServer.prepare(
            new RespConfig("127.0.0.1", port, lanes, Map.of("enable-debug-command", "yes")),
            EngineFacts.none());
    var engine =
        Engine.open(EngineConfig.in(Path.of(args[0])).withTasks(tasks), List.of(door.keyspace()));
    door.open(engine::lane);
    while (System.in.read() >= 0) {
      continue;
    }
    door.close();
    engine.close();
  }
}
