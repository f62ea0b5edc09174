package io.millrace.resp.server;

import io.millrace.resp.command.spec.CommandSpec;
import io.millrace.resp.command.spec.Flag;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.ReplyWriter;
import io.millrace.resp.session.ClientTracking;
import io.millrace.resp.session.Session;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who has read which key, so that copies kept by clients can be called back. The table is bounded:
 * the oldest name is called back when there are too many. As in Redis a name stands for the key in
 * all databases. Used with the execution lock held.
 */
public final class Tracking {
  private static final String CHANNEL = "__redis__:invalidate";

  private final Server server;
  private final Map<String, Set<Long>> readers = new LinkedHashMap<>();
  private final Map<String, Set<Session>> prefixes = new TreeMap<>();
  private final Map<Session, Map<String, @Nullable Session>> broadcasts = new LinkedHashMap<>();
  private final Set<Session> clients = new LinkedHashSet<>();
  private final List<Call> calls = new ArrayList<>();
  private final ReplyWriter scratch = new ReplyWriter();
  private long items;

  /** A message to be sent to a reader of a key. */
  private record Call(Session session, ClientTracking how, String key) {}

  Tracking(Server server) {
    this.server = server;
  }

  /** Number of clients that track. */
  public int clients() {
    return clients.size();
  }

  /** Number of names in the table. */
  public int keys() {
    return readers.size();
  }

  /** Number of readers of all names in the table. */
  public long items() {
    return items;
  }

  /** Number of prefixes. */
  public int prefixes() {
    return prefixes.size();
  }

  /** Begins to track for a client, or changes how. */
  public void start(Session session, ClientTracking how) {
    var before = session.tracking();
    if (before != null) {
      how.prefixes().addAll(before.prefixes());
    }
    session.tracking(how);
    clients.add(session);
    for (var prefix : how.prefixes()) {
      prefixes.computeIfAbsent(prefix, p -> new LinkedHashSet<>()).add(session);
    }
    server.keyspace().signals().track(true);
  }

  /** Ends tracking for a client. Names it has read leave the table when they are changed. */
  public void stop(Session session) {
    var how = session.tracking();
    if (how == null) {
      return;
    }
    session.tracking(null);
    clients.remove(session);
    for (var prefix : how.prefixes()) {
      var listeners = prefixes.get(prefix);
      if (listeners != null && listeners.remove(session) && listeners.isEmpty()) {
        prefixes.remove(prefix);
      }
    }
    broadcasts.remove(session);
    if (clients.isEmpty()) {
      server.keyspace().signals().track(false);
      readers.clear();
      items = 0;
    }
  }

  /** A client has run a command that reads: its keys are remembered. */
  void ran(Session session, ClientTracking how, CommandSpec spec, Args args) {
    if (!spec.has(Flag.READONLY)
        || how.has(ClientTracking.Option.BCAST)
        || how.has(ClientTracking.Option.OPTIN) && !session.caching()
        || how.has(ClientTracking.Option.OPTOUT) && session.caching()) {
      return;
    }
    try {
      for (var keys : spec.keys()) {
        keys.each(args, i -> remember(session, args.latin(i)));
      }
    } catch (CommandException unclear) {
      // The command was refused for the same reason: it has read nothing.
      return;
    }
  }

  private void remember(Session session, String key) {
    if (readers.computeIfAbsent(key, k -> new LinkedHashSet<>(2)).add(session.id())) {
      items++;
    }
    long most = server.settings().trackedKeys();
    while (most > 0 && readers.size() > most) {
      var oldest = readers.keySet().iterator().next();
      take(oldest, null).forEach(call -> send(call.session(), call.how(), List.of(oldest), 0));
    }
  }

  /**
   * A key was changed by a client, or by itself: copies read before are to be called back by {@link
   * #callBack}, those read from now on are not.
   */
  void changed(byte[] name, @Nullable Session by) {
    var key = new String(name, StandardCharsets.ISO_8859_1);
    for (var entry : prefixes.entrySet()) {
      if (key.startsWith(entry.getKey())) {
        for (var session : entry.getValue()) {
          broadcasts.computeIfAbsent(session, s -> new TreeMap<>()).put(key, by);
        }
      }
    }
    calls.addAll(take(key, by));
  }

  /** Forgets who has read a key; answers those of them who are to hear of its change. */
  private List<Call> take(String key, @Nullable Session by) {
    var ids = readers.remove(key);
    if (ids == null) {
      return List.of();
    }
    items -= ids.size();
    var found = new ArrayList<Call>(ids.size());
    for (long id : ids) {
      var session = server.session(id);
      var how = session == null ? null : session.tracking();
      if (session != null
          && how != null
          && !how.has(ClientTracking.Option.BCAST)
          && !(session == by && how.has(ClientTracking.Option.NOLOOP))) {
        found.add(new Call(session, how, key));
      }
    }
    return found;
  }

  /** Tells of what was changed since the last time. */
  void callBack(long position) {
    for (var call : calls) {
      send(call.session(), call.how(), List.of(call.key()), position);
    }
    calls.clear();
    sendBroadcasts(position);
  }

  /** Sends what was changed to those who track prefixes: one message per client. */
  private void sendBroadcasts(long position) {
    if (broadcasts.isEmpty()) {
      return;
    }
    var all = new HashMap<>(broadcasts);
    broadcasts.clear();
    all.forEach((session, keys) -> {
      var how = session.tracking();
      if (how != null) {
        if (how.has(ClientTracking.Option.NOLOOP)) {
          keys.values().removeIf(by -> by == session);
        }
        if (!keys.isEmpty()) {
          send(session, how, keys.keySet(), position);
        }
      }
    });
  }

  /** Whole databases were emptied: every copy is void. */
  void flushed(long position) {
    readers.clear();
    items = 0;
    for (var session : List.copyOf(clients)) {
      var how = session.tracking();
      if (how != null) {
        send(session, how, null, position);
      }
    }
  }

  private void send(
      Session session, ClientTracking how, @Nullable Collection<String> keys, long position) {
    var to = session;
    if (how.redirect() != 0) {
      to = server.session(how.redirect());
      if (to == null) {
        broken(session, how, position);
        return;
      }
    }
    scratch.reset(0);
    scratch.protocol(to.protocol());
    if (to.protocol() >= 3) {
      scratch.push(2);
      scratch.bulk("invalidate");
    } else if (to != session && to.subscriptions().any()) {
      scratch.array(3);
      scratch.bulk("message");
      scratch.bulk(CHANNEL);
    } else {
      return;
    }
    if (keys == null) {
      scratch.nil();
    } else {
      scratch.array(keys.size());
      keys.forEach(key -> scratch.bulk(key.getBytes(StandardCharsets.ISO_8859_1)));
    }
    to.push(Arrays.copyOf(scratch.array(), scratch.size()), position);
  }

  private void broken(Session session, ClientTracking how, long position) {
    session.redirectBroken(true);
    if (session.protocol() >= 3) {
      scratch.reset(0);
      scratch.protocol(3);
      scratch.push(2);
      scratch.bulk("tracking-redir-broken");
      scratch.integer(how.redirect());
      session.push(Arrays.copyOf(scratch.array(), scratch.size()), position);
    }
  }
}
