package io.millrace.resp.keyspace;

import io.millrace.engine.module.NativeContext;
import io.millrace.engine.module.NativeModule;
import io.millrace.engine.module.NativeRecord;
import io.millrace.engine.state.Execution;
import io.millrace.engine.state.HotPath;
import io.millrace.engine.state.KeyHash;
import io.millrace.engine.state.Ref;
import io.millrace.engine.state.SpaceOrder;
import io.millrace.engine.state.TaskState;
import io.millrace.engine.table.Table;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The built-in module that is "Redis": sixteen databases, each of them two spaces on every task.
 * Which spaces a database has is itself state, kept in the module's home space on task 0, so that
 * flushing and swapping cost the same however many keys there are.
 *
 * <p>Fields are used with the execution lock held only.
 */
@HotPath(benchmark = "KeyspaceBenchmark")
public final class Keyspace implements NativeModule {
  /** Number of databases. */
  public static final int DATABASES = 16;

  private static final int HOME_VERSION = 1;

  private final Database[] databases = new Database[DATABASES];
  private final @Nullable ValueType[] types = new ValueType[Kinds.TYPES];
  private final Watches watches = new Watches();
  private final Expiry expiry = new Expiry(this);
  private final KeyspaceListener listener = new KeyspaceListener();
  private final KeyspaceEvents signals = new KeyspaceEvents();
  private final Ref scratch = new Ref();
  private List<Table> tables = List.of();
  private @Nullable RecordReplayer replayer;
  private @Nullable NativeContext context;
  private long hashSeed;
  private @Nullable Discarded discarded;
  private final AccessClock clock = new AccessClock();

  /** Creates the module for a list of data types. */
  public Keyspace(List<ValueType> valueTypes) {
    for (int i = 0; i < DATABASES; i++) {
      databases[i] = new Database(i);
    }
    for (var type : valueTypes) {
      types[Kinds.type(type.firstKind())] = type;
    }
  }

  /** Sets up to where compact forms are named. */
  public void limits(EncodingLimits limits) {
    for (var database : databases) {
      database.limits = limits;
    }
  }

  /** Connects the command layer, which executes logged commands again. */
  public void replayWith(RecordReplayer replayer) {
    this.replayer = replayer;
  }

  /** Sets the tables that the SQL door sees. */
  public void publish(List<Table> tables) {
    this.tables = List.copyOf(tables);
  }

  @Override
  public String name() {
    return "redis";
  }

  @Override
  public String depotName() {
    return "keyspace";
  }

  @Override
  public void attach(NativeContext nativeContext, Execution execution) {
    context = nativeContext;
    hashSeed = nativeContext.hashSeed();
    discarded = new Discarded(homeSpace(), hashSeed);
    for (var database : databases) {
      database.hashSeed = hashSeed;
      database.discarded = discarded;
    }
    for (var type : types) {
      if (type != null) {
        type.attached(hashSeed);
      }
    }
    for (var database : databases) {
      if (!readHome(database, execution)) {
        create(database, execution);
      }
    }
  }

  @Override
  public void recovered(Execution execution) {
    expiry.recovered(execution);
  }

  @Override
  public void replay(NativeRecord record, Execution execution) {
    int type = record.typeId();
    if (type == RecordType.CLOCK) {
      return;
    }
    var to = replayer;
    if (to == null) {
      throw new IllegalStateException("keyspace has no command layer: type=" + type);
    }
    int database = type >= RecordType.COMMAND ? type - RecordType.COMMAND : -1;
    to.replay(database, record.array(), record.offset(), record.length(), execution);
  }

  @Override
  public long digest(int taskId, long stampMs, Execution execution) {
    var task = execution.task(taskId);
    long[] sum = {0};
    for (var database : databases) {
      task.scan(
          database.entries,
          0,
          -1,
          entry -> {
            if (entry.expireAtMs == 0 || entry.expireAtMs > stampMs) {
              sum[0] += digest(task, database, entry);
            }
            return true;
          });
    }
    return sum[0];
  }

  private long digest(TaskState task, Database database, Ref entry) {
    long name = KeyHash.hash(entry.array, entry.keyOffset, entry.keyLength, database.index() + 1L);
    long value = type(entry.kind).digest(task, database, entry, name);
    long head = (name * 31 + Kinds.type(entry.kind)) * 31 + entry.expireAtMs;
    return Long.rotateLeft(head * 0x9E3779B97F4A7C15L, 23) ^ value * 0xD6E8FEB86659FD93L;
  }

  @Override
  public List<Table> tables() {
    return tables;
  }

  /** Seed of {@link KeyHash} in this data directory. */
  public long hashSeed() {
    return hashSeed;
  }

  /** Id of the keyspace's depot. */
  public int depotId() {
    return attached().depotId();
  }

  /** Space in which the database map is kept, on task 0. */
  public int homeSpace() {
    return attached().homeSpace();
  }

  /** Number of tasks. */
  public int tasks() {
    return attached().tasks();
  }

  /** A database by its number. */
  public Database database(int index) {
    return databases[index];
  }

  /** The clock that tells when, or how often, entries are used; no part of state. */
  public AccessClock clock() {
    return clock;
  }

  /** The ends of keys. */
  public Expiry expiry() {
    return expiry;
  }

  /** Who watches which key. */
  public Watches watches() {
    return watches;
  }

  /** Where commands that wait for keys hook in. */
  public KeyspaceListener listener() {
    return listener;
  }

  /** What happened to keys and is not told yet. */
  public KeyspaceEvents signals() {
    return signals;
  }

  /** The data type of a kind. */
  public ValueType type(int kind) {
    return java.util.Objects.requireNonNull(types[Kinds.type(kind)]);
  }

  /** A new cursor over keys. */
  public Key cursor(Execution execution) {
    return new Key(this, databases[0], execution.task(0));
  }

  /** Number of keys of a database over all tasks: those that are expired do not count. */
  public long count(Database database, Execution execution) {
    long count = 0;
    for (int i = 0; i < execution.tasks(); i++) {
      count += execution.task(i).count(database.entries);
    }
    return count - expiry.expired(database, execution);
  }

  /** Empties a database. */
  public void flush(Database database, Execution execution) {
    watches.flushed(database.index(), name -> exists(name, execution));
    execution.dropSpace(database.entries);
    execution.dropSpace(database.pages);
    create(database, execution);
    signals.flush();
  }

  /** Exchanges the contents of two databases. */
  public void swap(Database one, Database other, Execution execution) {
    // Rows that must be loaded first interrupt here, and the command runs again from its start.
    findHome(one, execution);
    findHome(other, execution);
    watches.flushed(one.index(), name -> existsInEither(name, one, other, execution));
    watches.flushed(other.index(), name -> existsInEither(name, one, other, execution));
    int entries = one.entries;
    int pages = one.pages;
    long expiring = one.deadlines;
    one.entries = other.entries;
    one.pages = other.pages;
    one.deadlines = other.deadlines;
    other.entries = entries;
    other.pages = pages;
    other.deadlines = expiring;
    writeHome(one, execution);
    writeHome(other, execution);
    listener.swapped(one, other);
  }

  private boolean existsInEither(
      Watches.Name name, Database one, Database other, Execution execution) {
    return exists(new Watches.Name(one.index(), name.bytes()), execution)
        || exists(new Watches.Name(other.index(), name.bytes()), execution);
  }

  private boolean exists(Watches.Name name, Execution execution) {
    var bytes = name.bytes();
    var task = execution.task(Key.taskOf(bytes, 0, bytes.length, execution.tasks()));
    long hash = KeyHash.hash(bytes, 0, bytes.length, hashSeed);
    int space = databases[name.database()].entries;
    return task.find(space, bytes, 0, bytes.length, hash, scratch)
        && (scratch.expireAtMs == 0 || scratch.expireAtMs > execution.stampMs());
  }

  void added(Key key, boolean isNew) {
    key.task().touch(key.ref, clock.fresh());
    listener.added(key);
    if (isNew) {
      signals.event(KeyspaceEvents.NEW, "new", key);
    }
  }

  void used(Key key) {
    var task = key.task();
    task.touch(key.ref, clock.used(clock.counts() ? task.lastAccess(key.ref) : 0));
  }

  void changed(Key key) {
    watches.touched(key);
    signals.changed(key);
  }

  /** A key whose time was up makes way for a change. */
  void lapsed(Key key) {
    signals.event(KeyspaceEvents.EXPIRED, "expired", key);
    signals.changed(key);
  }

  /** A key whose time was up has left memory. */
  void reclaimed(Database database, byte[] key) {
    watches.touched(database.index(), key);
    signals.event(KeyspaceEvents.EXPIRED, "expired", database.index(), key);
    signals.changed(key);
  }

  /** True when pages of removed collections may be left to free. */
  public boolean hasDiscarded() {
    var left = discarded;
    return left != null && left.pending();
  }

  /**
   * Frees some pages of a removed collection. Leaves no record: nothing that can be read changes.
   * The execution must read missing entries itself ({@code Lane.waitForDisk}).
   *
   * @return true when it is worth to go on now
   */
  public boolean freeDiscarded(Execution execution, int pages) {
    var left = discarded;
    return left != null && left.step(execution, pages);
  }

  /** The database whose keys are in a space, or null when there is none any more. */
  @Nullable Database owner(int space) {
    for (var database : databases) {
      if (database.entries == space) {
        return database;
      }
    }
    return null;
  }

  private void create(Database database, Execution execution) {
    int family = attached().family();
    database.entries = execution.createSpace(family, SpaceOrder.HASH);
    database.pages = execution.createSpace(family, SpaceOrder.KEY);
    database.deadlines = 0;
    writeHome(database, execution);
  }

  private void writeHome(Database database, Execution execution) {
    var name = HomeEntry.name(database.index());
    long hash = KeyHash.hash(name, 0, name.length, hashSeed);
    var value = HomeEntry.encode(HOME_VERSION, database.entries, database.pages);
    execution
        .task(0)
        .put(homeSpace(), name, 0, name.length, hash, 0, 0, value, 0, value.length, null);
  }

  private boolean findHome(Database database, Execution execution) {
    var name = HomeEntry.name(database.index());
    long hash = KeyHash.hash(name, 0, name.length, hashSeed);
    return execution.task(0).find(homeSpace(), name, 0, name.length, hash, scratch);
  }

  private boolean readHome(Database database, Execution execution) {
    if (!findHome(database, execution)) {
      return false;
    }
    database.entries = HomeEntry.entries(scratch, HOME_VERSION);
    database.pages = HomeEntry.pages(scratch);
    return true;
  }

  private NativeContext attached() {
    if (context == null) {
      throw new IllegalStateException("the keyspace is not attached to an engine");
    }
    return context;
  }
}
