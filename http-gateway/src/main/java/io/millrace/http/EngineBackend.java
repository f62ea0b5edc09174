package io.millrace.http;

import io.millrace.engine.Engine;
import io.millrace.http.ingest.EventTarget;
import io.millrace.http.query.StateReader;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/** The engine behind the door. */
public final class EngineBackend implements HttpBackend {
  private final Engine engine;

  /** Uses an engine from the door's event loop. */
  public EngineBackend(Engine engine, EventLoop loop) {
    this.engine = engine;
  }

  @Override
  public @Nullable EventTarget depot(String module, String depot) {
    return null;
  }

  @Override
  public @Nullable StateReader pstate(String module, String pstate) {
    return null;
  }
}
