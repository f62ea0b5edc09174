package io.millrace.resp.server;

import io.millrace.engine.state.Execution;
import io.millrace.resp.command.spec.CommandSpec;
import io.millrace.resp.keyspace.KeyspaceEvents;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.session.Session;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Tells those outside who look on: events to those who listen to them, changed names to those who
 * keep copies, commands to those who monitor. Used with the execution lock held, after the record
 * of a change is in the journal; messages leave once it is released.
 */
public final class NotificationPublisher {
  private final KeyspaceEvents signals;
  private final PubSub pubSub;
  private final Tracking tracking;
  private final Monitors monitors;
  private int classes;

  NotificationPublisher(
      KeyspaceEvents signals, PubSub pubSub, Tracking tracking, Monitors monitors) {
    this.signals = signals;
    this.pubSub = pubSub;
    this.tracking = tracking;
    this.monitors = monitors;
  }

  /** Chooses the classes of events that are published; nothing is before the first call. */
  void announce(int wanted) {
    classes = wanted;
    signals.want(wanted);
  }

  /** What was collected did not happen, or is told to nobody. */
  public void forget() {
    signals.clear();
  }

  /** True when somebody may want to know of the command that a client has just run. */
  public boolean concerned(Session session) {
    return signals.pending() || session.tracking() != null || monitors.any();
  }

  /** A client has run a command. */
  public void ran(Session session, CommandSpec spec, Args args, int database, long position) {
    if (signals.pending()) {
      tell(session, position);
    }
    look(session, spec, args, database, position);
    if (session.caching()
        && session.transaction() == null
        && !spec.fullName().startsWith("client|")) {
      session.caching(false);
    }
  }

  /**
   * A client has run one of the commands it had queued. What a later one of them reads is a copy of
   * what this one has changed, so it is not called back because of this.
   */
  public void ranQueued(Session session, CommandSpec spec, Args args, int database, long position) {
    noteChanges(session);
    look(session, spec, args, database, position);
  }

  private void noteChanges(@Nullable Session by) {
    for (var key : signals.takeChanged()) {
      tracking.changed(key, by);
    }
  }

  private void look(Session session, CommandSpec spec, Args args, int database, long position) {
    var how = session.tracking();
    if (how != null) {
      tracking.ran(session, how, spec, args);
    }
    if (monitors.any()) {
      monitors.show(session, database, spec, args, position);
    }
  }

  /** Tells what happened by no client's command. */
  public void tell(Execution execution) {
    if (signals.pending()) {
      long position = 0;
      for (int i = 0; i < execution.tasks(); i++) {
        position = Math.max(position, execution.task(i).lastPosition());
      }
      tell(null, position);
    }
  }

  /** Tells what a client's command did. */
  public void tell(@Nullable Session by, long position) {
    for (var event : signals.events()) {
      publish(event, position);
    }
    if (signals.flushed()) {
      tracking.flushed(position);
    }
    noteChanges(by);
    tracking.callBack(position);
    signals.clear();
  }

  private void publish(KeyspaceEvents.Event event, long position) {
    if (pubSub.channels().isEmpty() && pubSub.patterns().isEmpty()) {
      return;
    }
    var key = new String(event.key(), StandardCharsets.ISO_8859_1);
    if ((classes & KeyspaceEvents.BY_KEY) != 0) {
      var channel = "__keyspace@" + event.database() + "__:" + key;
      pubSub.publish(channel, event.name().getBytes(StandardCharsets.ISO_8859_1), position);
    }
    if ((classes & KeyspaceEvents.BY_EVENT) != 0) {
      var channel = "__keyevent@" + event.database() + "__:" + event.name();
      pubSub.publish(channel, event.key(), position);
    }
  }
}
