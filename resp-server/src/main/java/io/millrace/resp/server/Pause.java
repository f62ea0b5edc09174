package io.millrace.resp.server;

import io.millrace.resp.command.spec.CommandSpec;
import io.millrace.resp.command.spec.Flag;
import io.millrace.resp.session.Session;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * CLIENT PAUSE: connections whose next command has to wait until the pause is over. Their lanes go
 * on with other connections. Used with the execution lock held.
 */
public final class Pause {
  private final Set<Session> waiting = new LinkedHashSet<>();
  private boolean on;
  private boolean all;
  private long endMs;
  private Runnable cancel = () -> {};

  /** True while commands have to wait. */
  public boolean on() {
    return on;
  }

  /** Number of connections that wait. */
  public int size() {
    return waiting.size();
  }

  /** True when a connection waits. */
  public boolean holds(Session session) {
    return waiting.contains(session);
  }

  /**
   * Begins a pause or makes it longer or stricter.
   *
   * @param by the client whose loop keeps the time
   * @param all every command waits, not only those that change something
   */
  public void start(Session by, long nowMs, long forMs, boolean all) {
    this.all = on && this.all || all;
    endMs = Math.max(on ? endMs : 0, nowMs + forMs);
    on = true;
    cancel.run();
    cancel = by.after(Math.max(0, endMs - nowMs), execution -> end());
  }

  /** Ends the pause; commands go on in order of their arrival. */
  public void end() {
    cancel.run();
    cancel = () -> {};
    on = false;
    all = false;
    var released = List.copyOf(waiting);
    waiting.clear();
    released.forEach(Session::goOn);
  }

  /** True when a command has to wait. */
  public boolean stops(CommandSpec spec, boolean writesAtOnce) {
    return on && (all || spec.has(Flag.WRITE) || spec.has(Flag.MAY_REPLICATE) || writesAtOnce);
  }

  /** A connection waits with its next command. */
  public void add(Session session) {
    waiting.add(session);
  }

  void forget(Session session) {
    waiting.remove(session);
  }
}
