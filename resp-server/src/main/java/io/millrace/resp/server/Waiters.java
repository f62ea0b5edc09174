package io.millrace.resp.server;

import io.millrace.engine.state.Execution;
import io.millrace.resp.command.spec.CommandSpec;
import io.millrace.resp.keyspace.Database;
import io.millrace.resp.keyspace.Key;
import io.millrace.resp.keyspace.KeyspaceListener;
import io.millrace.resp.keyspace.Watches;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.session.Session;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Clients that wait for keys, oldest first. A command that makes a waited-for key marks it ready;
 * right after its record the same hold runs the waiting commands again. Used with the execution
 * lock held.
 */
public final class Waiters implements KeyspaceListener.Observer {
  private static final byte[] ONE = {'1'};
  private static final byte[] TIMED_OUT = "*-1\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] TIMED_OUT_3 = "_\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] UNBLOCKED =
      "-UNBLOCKED client unblocked via CLIENT UNBLOCK\r\n".getBytes(StandardCharsets.US_ASCII);

  /** A client and the command it waits to complete. */
  public static final class Waiter {
    private final Session session;
    private final CommandSpec spec;
    private final Args args;
    private final int kind;
    private final int firstKey;
    private final List<Watches.Name> keys;
    private Runnable cancel = () -> {};
    private boolean done;

    /**
     * A client that begins to wait.
     *
     * @param args the command it waits with
     * @param keys what it waits for
     * @param firstKey argument of the first of them
     * @param kind first kind tag of the type it waits for
     */
    public Waiter(
        Session session,
        CommandSpec spec,
        Args args,
        List<Watches.Name> keys,
        int firstKey,
        int kind) {
      this.keys = keys;
      this.session = session;
      this.spec = spec;
      this.args = args;
      this.firstKey = firstKey;
      this.kind = kind;
    }

    /** Who waits. */
    public Session session() {
      return session;
    }

    /** The command it waits with. */
    public CommandSpec spec() {
      return spec;
    }

    /** First kind tag of the type it waits for. */
    public int kind() {
      return kind;
    }

    /** True when it does not wait any more. */
    public boolean done() {
      return done;
    }

    /**
     * The command as if it had named only one of its keys, the one that has become ready: as in
     * Redis the others are not looked at, whatever they hold by now.
     */
    public Args only(Watches.Name key) {
      int named = keys.size();
      if (named == 1) {
        return args;
      }
      var how = spec.keys().getFirst();
      int wanted = keys.indexOf(key);
      int end = firstKey + named * Math.max(1, how.limit());
      var words = new ArrayList<byte[]>(args.count());
      for (int i = 0; i < args.count(); i++) {
        if (i == firstKey - 1 && how.counted()) {
          words.add(ONE);
        } else if (i < firstKey || i >= end || (i - firstKey) % named == wanted) {
          words.add(args.bytes(i));
        }
      }
      return Args.of(words.toArray(byte[][]::new));
    }
  }

  private final Map<Watches.Name, Set<Waiter>> byKey = new HashMap<>();
  private final Map<Session, Waiter> bySession = new HashMap<>();
  private final LinkedHashSet<Watches.Name> ready = new LinkedHashSet<>();

  /** Creates an empty register. */
  public Waiters() {}

  /** Number of waiting clients. */
  public int size() {
    return bySession.size();
  }

  /** Number of keys waited for. */
  public int keys() {
    return byKey.size();
  }

  /** A client begins to wait. */
  public void add(Waiter waiter, long timeoutMs) {
    for (var key : waiter.keys) {
      byKey.computeIfAbsent(key, k -> new LinkedHashSet<>()).add(waiter);
    }
    bySession.put(waiter.session, waiter);
    waiter.session.waits(true);
    if (timeoutMs > 0) {
      waiter.cancel = waiter.session.after(timeoutMs, execution -> timedOut(waiter, execution));
    }
  }

  private void timedOut(Waiter waiter, Execution execution) {
    if (!waiter.done) {
      end(waiter);
      waiter.session.answer(nothing(waiter.session), position(waiter, execution));
    }
  }

  private static byte[] nothing(Session session) {
    return session.protocol() >= 3 ? TIMED_OUT_3 : TIMED_OUT;
  }

  /** The position a reply about the waited-for keys must wait for. */
  private static long position(Waiter waiter, Execution execution) {
    long position = 0;
    for (var key : waiter.keys) {
      int task = Key.taskOf(key.bytes(), 0, key.bytes().length, execution.tasks());
      position = Math.max(position, execution.task(task).lastPosition());
    }
    return position;
  }

  /**
   * Ends the wait of a client as if its time were up, or with an error.
   *
   * @return false when it does not wait
   */
  public boolean unblock(Session session, boolean withError, Execution execution) {
    var waiter = bySession.get(session);
    if (waiter == null) {
      return false;
    }
    end(waiter);
    session.answer(withError ? UNBLOCKED : nothing(session), position(waiter, execution));
    return true;
  }

  /** Forgets a client that has gone. */
  public void forget(Session session) {
    var waiter = bySession.get(session);
    if (waiter != null) {
      end(waiter);
    }
  }

  /** A client does not wait any more. */
  public void end(Waiter waiter) {
    waiter.done = true;
    waiter.cancel.run();
    waiter.session.waits(false);
    bySession.remove(waiter.session);
    for (var key : waiter.keys) {
      var waiting = byKey.get(key);
      if (waiting != null && waiting.remove(waiter) && waiting.isEmpty()) {
        byKey.remove(key);
      }
    }
  }

  /** Those who wait for a key, oldest first. */
  public List<Waiter> on(Watches.Name key) {
    var waiting = byKey.get(key);
    return waiting == null ? List.of() : List.copyOf(waiting);
  }

  /** A key has something for those who wait for it. */
  public void signal(Watches.Name key) {
    if (byKey.containsKey(key)) {
      ready.add(key);
    }
  }

  /** A key has something for those who wait for it. */
  public void signal(Key key) {
    if (!byKey.isEmpty()) {
      signal(new Watches.Name(key.database().index(), key.bytes()));
    }
  }

  /** True when a key has something for those who wait for it. */
  public boolean anyReady() {
    return !ready.isEmpty();
  }

  /** Takes the next key that is ready, or null. */
  public Watches.@Nullable Name nextReady() {
    return ready.isEmpty() ? null : ready.removeFirst();
  }

  @Override
  public void added(Key key) {
    signal(key);
  }

  @Override
  public void swapped(Database one, Database other) {
    for (var key : byKey.keySet()) {
      if (key.database() == one.index() || key.database() == other.index()) {
        ready.add(key);
      }
    }
  }
}
