package io.millrace.resp.server;

import io.millrace.engine.state.RequestMemory;
import io.millrace.resp.command.spec.CommandTable;
import io.millrace.resp.config.ServerSettings;
import io.millrace.resp.keyspace.EventClasses;
import io.millrace.resp.keyspace.Keyspace;
import io.millrace.resp.protocol.DecodeLimits;
import io.millrace.resp.session.Session;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What all lanes share: settings, counters, clients. Used with the execution lock held. */
public final class Server {
  private static final int MOST_ARGUMENTS = 1 << 20;

  /** Bytes that a command may have beside its largest value. */
  private static final int NAMES = 4 << 10;

  private static final int MOST_KEEPALIVE = 32_767;

  private final CommandTable table;
  private final Keyspace keyspace;
  private final ServerSettings settings;
  private final EngineFacts engine;
  private final Stats stats = new Stats();
  private final Doorkeeper doorkeeper;
  private final Map<Long, Session> sessions = new LinkedHashMap<>();
  private final RequestMemory memory;
  private final PubSub pubSub;
  private final Waiters waiters = new Waiters();
  private final Tracking tracking = new Tracking(this);
  private final Monitors monitors = new Monitors();
  private final Pause pause = new Pause();
  private final NotificationPublisher announcer;
  private volatile DecodeLimits limits = DecodeLimits.DEFAULT;
  private volatile int keepAliveSeconds;
  private volatile long mostInput;
  private OutputLimits listeners = OutputLimits.NONE;
  private OutputLimits others = OutputLimits.NONE;
  private final SlowLog slowLog = new SlowLog();
  private final long startedMs;
  private long nextSession = 1;
  private boolean activeExpire = true;
  private volatile long clockMs;
  private long sampledMs;
  private long sampledCommands;
  private long commandsPerSecond;

  /** Creates the state of a server. */
  public Server(
      CommandTable table,
      Keyspace keyspace,
      ServerSettings settings,
      EngineFacts engine,
      long nowMs) {
    this.table = table;
    this.keyspace = keyspace;
    this.settings = settings;
    this.engine = engine;
    this.memory = engine.requestMemory();
    this.pubSub = new PubSub(memory);
    this.startedMs = nowMs;
    doorkeeper = new Doorkeeper(settings, stats);
    stats.size(table.all().size());
    keyspace.listener().observe(waiters);
    announcer = new NotificationPublisher(keyspace.signals(), pubSub, tracking, monitors);
    configureClock();
    settings.onChange(this::configureClock);
    configureInput();
    settings.onChange(this::configureInput);
    settings.onChange(() -> doorkeeper.judgeAgain(sessions.values()));
  }

  private void configureClock() {
    keyspace
        .clock()
        .configure(
            settings.evictionPolicy().countsUse(),
            (int) settings.number("lfu-log-factor"),
            (int) settings.number("lfu-decay-time"));
  }

  private void configureInput() {
    limits =
        new DecodeLimits(
            MOST_ARGUMENTS,
            (int) settings.number("proto-max-bulk-len"),
            memory.largest() + NAMES,
            true);
    mostInput = settings.number("client-query-buffer-limit");
    keepAliveSeconds = (int) Math.min(settings.number("tcp-keepalive"), MOST_KEEPALIVE);
  }

  /** What a request of a client that has logged in may look like; from any thread. */
  public DecodeLimits limits() {
    return limits;
  }

  /** Bytes of one client that may wait to be executed; from any thread. */
  public long mostInput() {
    return mostInput;
  }

  /** Seconds of silence after which a connection is probed, 0 for never; from any thread. */
  public int keepAliveSeconds() {
    return keepAliveSeconds;
  }

  /** Who may come in. */
  public Doorkeeper doorkeeper() {
    return doorkeeper;
  }

  /** Recovery is over: from now on, what happens is told to those who look on. */
  public void opened() {
    Runnable apply =
        () -> {
          announcer.announce(EventClasses.classes(settings.value("notify-keyspace-events")));
          var limits = settings.value("client-output-buffer-limit");
          listeners = OutputLimits.of(limits, "pubsub");
          others = OutputLimits.of(limits, "normal").or(listeners);
        };
    apply.run();
    settings.onChange(apply);
  }

  /** How much of what is sent to a client unasked may wait. */
  public OutputLimits outputLimits(Session session) {
    return session.subscriptions().any() ? listeners : others;
  }

  /** Who keeps copies of which key. */
  public Tracking tracking() {
    return tracking;
  }

  /** Clients that see every command. */
  public Monitors monitors() {
    return monitors;
  }

  /** Whether commands have to wait. */
  public Pause pause() {
    return pause;
  }

  /** Tells those outside who look on. */
  public NotificationPublisher announcer() {
    return announcer;
  }

  /** A client by its number, or null. */
  public @Nullable Session session(long id) {
    return sessions.get(id);
  }

  /** All commands. */
  public CommandTable table() {
    return table;
  }

  /** The keyspace. */
  public Keyspace keyspace() {
    return keyspace;
  }

  /** Settings. */
  public ServerSettings settings() {
    return settings;
  }

  /** What the engine tells of itself. */
  public EngineFacts engine() {
    return engine;
  }

  /** The memory that requests of all doors may hold. */
  public RequestMemory memory() {
    return memory;
  }

  /** Counters. */
  public Stats stats() {
    return stats;
  }

  /** Publish and subscribe. */
  public PubSub pubSub() {
    return pubSub;
  }

  /** Clients that wait for keys. */
  public Waiters waiters() {
    return waiters;
  }

  /** Slow commands. */
  public SlowLog slowLog() {
    return slowLog;
  }

  /** When it started. */
  public long startedMs() {
    return startedMs;
  }

  /** Advances the clocks. */
  public void tick(long nowMs) {
    clockMs = nowMs;
    keyspace.clock().tick((int) ((nowMs - startedMs) / 1000));
    if (nowMs - sampledMs >= 1000) {
      long passed = nowMs - sampledMs;
      commandsPerSecond = Math.max(0, stats.commands - sampledCommands) * 1000 / passed;
      sampledMs = nowMs;
      sampledCommands = stats.commands;
      doorkeeper.sweep(sessions.values(), monitors, pause, nowMs);
    }
  }

  /** The time of the last tick, less than a second ago; from any thread. */
  public long clockMs() {
    return clockMs;
  }

  /** Commands executed per second, of late. */
  public long commandsPerSecond() {
    return commandsPerSecond;
  }

  /** True unless DEBUG switched active expiry off. */
  public boolean activeExpire() {
    return activeExpire;
  }

  /** Switches active expiry. */
  public void activeExpire(boolean on) {
    activeExpire = on;
  }

  /** Number for a new client. */
  public long nextSessionId() {
    return nextSession++;
  }

  /** Registers a client. */
  public void connected(Session session) {
    sessions.put(session.id(), session);
    doorkeeper.came(session);
  }

  /** Forgets a client and all it waited for. */
  public void disconnected(Session session) {
    if (sessions.remove(session.id()) != null) {
      session.transaction(null);
      doorkeeper.left(session);
      session.unwatch(keyspace.watches());
      session.abandonWork(keyspace.watches());
      pubSub.leave(session.subscriptions());
      waiters.forget(session);
      pause.forget(session);
      tracking.stop(session);
      monitors.remove(session);
    }
  }

  /** True while a client is connected. */
  public boolean connected(long id) {
    return sessions.containsKey(id);
  }

  /** Clients in order of their numbers. */
  public Collection<Session> sessions() {
    return sessions.values();
  }
}
