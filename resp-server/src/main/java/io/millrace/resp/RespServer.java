package io.millrace.resp;

import io.millrace.resp.command.Handlers;
import io.millrace.resp.command.Replayer;
import io.millrace.resp.config.OpenDoor;
import io.millrace.resp.config.ServerSettings;
import io.millrace.resp.keyspace.Keyspace;
import io.millrace.resp.net.DetachedSession;
import io.millrace.resp.net.LaneFactory;
import io.millrace.resp.net.RespEndpoint;
import io.millrace.resp.server.EngineFacts;
import io.millrace.resp.server.Server;
import io.millrace.resp.table.KeyspaceTables;
import java.util.List;
import java.util.function.Consumer;

/**
 * The RESP door. First {@link #prepare} the keyspace module, then start the engine with it (which
 * recovers it), then {@link #open} the door.
 */
public final class RespServer implements AutoCloseable {
  private final Handlers handlers;
  private final Server server;
  private final RespConfig config;
  private RespEndpoint endpoint;

  private RespServer(Handlers handlers, Server server, RespConfig config, RespEndpoint endpoint) {
    this.handlers = handlers;
    this.server = server;
    this.config = config;
    this.endpoint = endpoint;
  }

  /** Makes the keyspace module and the commands that fold its records. */
  public static RespServer prepare(RespConfig config, EngineFacts engine) {
    var settings = new ServerSettings(config.settings());
    var keyspace = new Keyspace(RedisCommands.types(settings));
    keyspace.limits(settings.encodings());
    var handlers = RedisCommands.handlers();
    var server =
        new Server(handlers.table(), keyspace, settings, engine, System.currentTimeMillis());
    settings.guard(OpenDoor.of(config.hosts()));
    keyspace.publish(KeyspaceTables.all(keyspace));
    keyspace.replayWith(new Replayer(handlers, server, new DetachedSession()));
    return new RespServer(handlers, server, config, RespEndpoint.CLOSED);
  }

  /** Tells the value of a setting, now and whenever a client has changed one. */
  public void onSetting(String name, Consumer<String> holder) {
    var settings = server.settings();
    Runnable tell = () -> holder.accept(settings.value(name));
    tell.run();
    settings.onChange(tell);
  }

  /** The module to give to the engine. */
  public Keyspace keyspace() {
    return server.keyspace();
  }

  /** Binds the port and serves clients. */
  public RespServer open(LaneFactory lanes) {
    server.opened();
    endpoint =
        RespEndpoint.bind(config.hosts(), config.port(), config.lanes(), handlers, server, lanes);
    return this;
  }

  /** The port bound. */
  public int port() {
    return endpoint.port();
  }

  /** Number of connected clients. */
  public int clients() {
    return endpoint.clients();
  }

  /** Closes the port and all connections; replies that are due are sent before. */
  @Override
  public void close() {
    endpoint.close();
    endpoint = RespEndpoint.CLOSED;
  }

  /** Names of all commands, in lower case. */
  public List<String> commandNames() {
    return server.table().commands().stream().map(c -> c.fullName()).toList();
  }
}
