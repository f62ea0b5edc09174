package io.millrace.resp.session;

import io.millrace.engine.state.Execution;
import io.millrace.resp.command.spec.CommandSpec;
import io.millrace.resp.keyspace.Watches;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the server knows of one client. Changed only while the client's command runs, or with the
 * execution lock held.
 */
public abstract class Session implements Watches.Watcher {
  /** Whether replies are sent. */
  public enum ReplyMode {
    /** All are. */
    ON,
    /** None is. */
    OFF,
    /** The next one is not. */
    SKIP_NEXT,
    /** The one of this command is not. */
    SKIP
  }

  private static final byte[] NOTHING = new byte[0];

  private int misses;
  private long written;
  private @Nullable Work parked;
  private final long id;
  private final long createdMs;
  private int database;
  private int protocol = 2;
  private String name = "";
  private String libraryName = "";
  private String libraryVersion = "";
  private boolean authenticated;
  private boolean proven;
  private long strangerSinceMs;
  private @Nullable Transaction transaction;
  private boolean watchBroken;
  private final List<WatchedKey> watched = new ArrayList<>(0);
  private ReplyMode replyMode = ReplyMode.ON;
  private @Nullable CommandSpec lastCommand;
  private long lastActiveMs;
  private boolean noTouch;
  private boolean noEvict;
  private boolean waits;
  private boolean silent;
  private @Nullable ClientTracking tracking;
  private boolean caching;
  private boolean redirectBroken;
  private final Subscriptions subscriptions = new Subscriptions(this);

  /**
   * A watched key.
   *
   * @param key which one
   * @param expired it was already expired when WATCH saw it
   */
  public record WatchedKey(Watches.Name key, boolean expired) {}

  /** What a parked command has begun. */
  public interface Work {
    /** Nobody will ask for its outcome any more. */
    void forget(Watches watches);
  }

  /** Creates the state of a client. */
  protected Session(long id, long createdMs, boolean authenticated) {
    this.id = id;
    this.createdMs = createdMs;
    this.lastActiveMs = createdMs;
    this.strangerSinceMs = createdMs;
    this.authenticated = authenticated;
  }

  /** Closes the connection once the replies so far are sent. */
  public abstract void closeAfterReply();

  /** Closes the connection now. */
  public abstract void kill();

  /** Address of the client, or an empty text when there is none. */
  public abstract String address();

  /** Local address of the connection. */
  public abstract String localAddress();

  /**
   * Sends bytes that are no reply, with the execution lock held. They keep their place among the
   * replies: behind those of commands that ran before, in front of those that run later.
   *
   * @param position journal position that must be released before
   */
  public abstract void push(byte[] bytes, long position);

  /** The same with bytes that are sent to others as well. */
  public void push(Lent lent, long position) {
    push(lent.array(), position);
  }

  /**
   * Sends the reply of a command that waited, with the execution lock held, and goes on with the
   * commands behind it.
   *
   * @param position journal position that must be released before
   */
  public abstract void wake(byte[] reply, long position);

  /**
   * Runs an action with the execution lock held after a delay.
   *
   * @return cancels it when it has not begun
   */
  public abstract Runnable after(long delayMs, Consumer<Execution> action);

  /** Goes on with the commands of a connection that had to wait, from any thread. */
  public abstract void goOn();

  /** True while a command of this client waits for keys. */
  public boolean waits() {
    return waits;
  }

  /** Notes that a command of this client waits, or does not any more. */
  public void waits(boolean on) {
    waits = on;
    if (on) {
      silent = replyMode == ReplyMode.OFF || replyMode == ReplyMode.SKIP;
    }
  }

  /**
   * Ends the wait of a command: sends its reply, unless its client wanted none when it began, and
   * goes on with the commands behind it.
   *
   * @param position journal position that must be released before
   */
  public void answer(byte[] reply, long position) {
    waits(false);
    wake(silent ? NOTHING : reply, position);
  }

  /** Bytes received and not executed yet. */
  public abstract int inputBytes();

  /** Bytes of replies not sent yet. */
  public abstract long outputBytes();

  /** Number of the client. */
  public long id() {
    return id;
  }

  /** When it connected. */
  public long createdMs() {
    return createdMs;
  }

  /** Number of the selected database. */
  public int database() {
    return database;
  }

  /** Selects a database. */
  public void select(int index) {
    database = index;
  }

  /** Protocol version. */
  public int protocol() {
    return protocol;
  }

  /** Chooses the protocol version. */
  public void protocol(int version) {
    protocol = version;
  }

  /** Name given by CLIENT SETNAME. */
  public String name() {
    return name;
  }

  /** Sets the name. */
  public void name(String name) {
    this.name = name;
  }

  /** What a command that was parked has begun, or null. */
  public @Nullable Work parked() {
    return parked;
  }

  /** Keeps what a command has begun before it is parked. */
  public void parked(@Nullable Work work) {
    parked = work;
  }

  /** Nobody will ask any more for what a parked command has begun. */
  public void abandonWork(Watches watches) {
    if (parked != null) {
      parked.forget(watches);
      parked = null;
    }
  }

  /** Journal position of the last record of this client's commands. */
  public long written() {
    return written;
  }

  /** Notes the journal position of a record of this client. */
  public void written(long position) {
    written = position;
  }

  /** Library name given by CLIENT SETINFO. */
  public String libraryName() {
    return libraryName;
  }

  /** Sets the library name. */
  public void libraryName(String name) {
    libraryName = name;
  }

  /** Library version given by CLIENT SETINFO. */
  public String libraryVersion() {
    return libraryVersion;
  }

  /** Sets the library version. */
  public void libraryVersion(String version) {
    libraryVersion = version;
  }

  /** True when commands may run. */
  public boolean authenticated() {
    return authenticated;
  }

  /** Logs the client in or out. */
  public void authenticated(boolean authenticated) {
    this.authenticated = authenticated;
  }

  /** True when the client has shown a password. */
  public boolean proven() {
    return proven;
  }

  /** Notes whether the client has shown a password. */
  public void proven(boolean shown) {
    proven = shown;
  }

  /** When the time began in which the client has to log in. */
  public long strangerSinceMs() {
    return strangerSinceMs;
  }

  /** Begins the time anew in which the client has to log in. */
  public void strangerSinceMs(long nowMs) {
    strangerSinceMs = nowMs;
  }

  /** True when the client comes from a loopback address, or from nowhere. */
  public boolean local() {
    return true;
  }

  /** Queue of MULTI, or null outside. */
  public @Nullable Transaction transaction() {
    return transaction;
  }

  /** Begins or ends MULTI. */
  public void transaction(@Nullable Transaction transaction) {
    var before = this.transaction;
    if (before != null && before != transaction) {
      before.release();
    }
    this.transaction = transaction;
  }

  /** Keys under WATCH. */
  public List<WatchedKey> watched() {
    return watched;
  }

  /** True when a watched key was changed. */
  public boolean watchBroken() {
    return watchBroken;
  }

  @Override
  public void touched() {
    watchBroken = true;
  }

  /** Forgets all watched keys. */
  public void unwatch(Watches watches) {
    for (var key : watched) {
      watches.remove(key.key(), this);
    }
    watched.clear();
    watchBroken = false;
  }

  /** Whether replies are sent. */
  public ReplyMode replyMode() {
    return replyMode;
  }

  /** Chooses whether replies are sent. */
  public void replyMode(ReplyMode mode) {
    replyMode = mode;
  }

  /** The command that ran last. */
  public @Nullable CommandSpec lastCommand() {
    return lastCommand;
  }

  /** When a command ran last, or something else showed that the client is there. */
  public long lastActiveMs() {
    return lastActiveMs;
  }

  /** Notes a command. */
  public void ran(CommandSpec command, long nowMs) {
    lastCommand = command;
    lastActiveMs = nowMs;
    misses = 0;
  }

  /** Notes that the present command has to be begun again because an entry must be loaded. */
  public void missed() {
    misses++;
  }

  /** How often the present command was begun in vain. */
  public int misses() {
    return misses;
  }

  /** True when reads do not renew the access clock of keys. */
  public boolean noTouch() {
    return noTouch;
  }

  /** Chooses whether reads renew the access clock of keys. */
  public void noTouch(boolean on) {
    noTouch = on;
  }

  /** True when the client is spared by client eviction. */
  public boolean noEvict() {
    return noEvict;
  }

  /** Chooses whether the client is spared. */
  public void noEvict(boolean on) {
    noEvict = on;
  }

  /** How the client hears of changes of what it has read; null when it does not. */
  public @Nullable ClientTracking tracking() {
    return tracking;
  }

  /** Chooses how the client hears of changes. */
  public void tracking(@Nullable ClientTracking how) {
    tracking = how;
  }

  /** True when CLIENT CACHING has spoken of the next command. */
  public boolean caching() {
    return caching;
  }

  /** Sets what CLIENT CACHING has said. */
  public void caching(boolean on) {
    caching = on;
  }

  /** True when the client that is told instead has gone. */
  public boolean redirectBroken() {
    return redirectBroken;
  }

  /** Notes that the client that is told instead has gone. */
  public void redirectBroken(boolean broken) {
    redirectBroken = broken;
  }

  /** Channels and patterns. */
  public Subscriptions subscriptions() {
    return subscriptions;
  }
}
