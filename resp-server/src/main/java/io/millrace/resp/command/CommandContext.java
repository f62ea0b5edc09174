package io.millrace.resp.command;

import io.millrace.engine.state.Execution;
import io.millrace.engine.state.HotPath;
import io.millrace.engine.state.TaskState;
import io.millrace.resp.keyspace.Database;
import io.millrace.resp.keyspace.Key;
import io.millrace.resp.keyspace.Keyspace;
import io.millrace.resp.keyspace.KeyspaceEvents;
import io.millrace.resp.keyspace.Watches;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.HeapShare;
import io.millrace.resp.protocol.ReplyWriter;
import io.millrace.resp.protocol.RequestEncoder;
import io.millrace.resp.server.Server;
import io.millrace.resp.server.Waiters;
import io.millrace.resp.session.Resume;
import io.millrace.resp.session.Session;
import io.millrace.resp.session.Transaction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a handler may use. One per lane, reused. Keys are opened through it, and so it knows which
 * tasks an execution looked at: the participants of its record, and the position its reply waits
 * for.
 */
@HotPath(benchmark = "KeyspaceBenchmark")
public final class CommandContext {
  private static final int[] NONE = new int[0];

  private final Keyspace keyspace;
  private final Server server;
  private final RequestEncoder effects = new RequestEncoder();
  private final List<Runnable> after = new ArrayList<>();
  private Key[] keys = new Key[0];
  private Execution execution;
  private Session session;
  private Database database;
  private long stampMs;
  private long position;
  private int[] tasks = new int[16];
  private int taskCount;
  private long[] taskBits = new long[1];
  private final byte[] numberText = new byte[32];
  private boolean allTasks;
  private boolean loggedElsewhere;
  private boolean inTransaction;
  private boolean serves;
  private boolean waits;
  private boolean writes;
  private @Nullable Dispatcher dispatcher;

  /** Creates a context for a lane. */
  public CommandContext(Keyspace keyspace, Server server, Session session, Execution execution) {
    this.keyspace = keyspace;
    this.server = server;
    this.session = session;
    this.execution = execution;
    this.database = keyspace.database(0);
  }

  void begin(Execution execution, Session session) {
    this.execution = execution;
    this.session = session;
    this.database = keyspace.database(session.database());
    this.stampMs = execution.stampMs();
    position = 0;
    allTasks = false;
    loggedElsewhere = false;
    inTransaction = false;
    serves = false;
    waits = false;
    writes = false;
    for (int i = 0; i < taskCount; i++) {
      taskBits[tasks[i] >>> 6] = 0;
    }
    taskCount = 0;
    if (effects.size() > 0) {
      effects.clear();
    }
  }

  /** Says whether the command that runs next uses the keys it opens, to change them. */
  void writes(boolean on) {
    writes = on;
  }

  void dispatcher(Dispatcher dispatcher) {
    this.dispatcher = dispatcher;
  }

  /** Runs the commands queued since MULTI; writes one array of their replies. */
  public void runQueued(Transaction transaction, ReplyWriter reply) {
    var runner = dispatcher;
    if (runner == null) {
      throw new IllegalStateException("a replayed record holds effects, never EXEC");
    }
    runner.runQueued(this, transaction, reply);
  }

  /** The keyspace. */
  public Keyspace keyspace() {
    return keyspace;
  }

  /** The server. */
  public Server server() {
    return server;
  }

  /** The client. */
  public Session session() {
    return session;
  }

  /** The execution. */
  public Execution execution() {
    return execution;
  }

  /** The time of this execution: the stamp of its record. */
  public long stampMs() {
    return stampMs;
  }

  /** Room for the text of a number; for the running handler only. */
  public byte[] numberText() {
    return numberText;
  }

  /**
   * Bytes of the longest string that a command may make. What a logged command has made once it
   * makes again, whatever the setting is now.
   */
  public long longestString() {
    return execution.replaying() ? Integer.MAX_VALUE : server.settings().longestString();
  }

  /**
   * Refuses a value that would take too much of the heap, before it is made. What was made once is
   * made again by a fold.
   */
  public void requireHeap(long bytes) {
    if (!execution.replaying()) {
      HeapShare.require(bytes);
    }
  }

  /** The selected database. */
  public Database database() {
    return database;
  }

  /** Selects another database for what follows; also in the session. */
  public void select(int index) {
    session.select(index);
    database = keyspace.database(index);
  }

  /** True while EXEC runs: commands that would wait must not. */
  public boolean inTransaction() {
    return inTransaction;
  }

  void inTransaction(boolean on) {
    inTransaction = on;
  }

  /** True when the command may wait: not inside EXEC and not when its record is folded again. */
  public boolean mayWait() {
    return !inTransaction && !execution.replaying();
  }

  /**
   * Makes the client wait until a key has a value of a type; the command is run again then. The
   * handler writes no reply and has changed nothing.
   *
   * @param kind first kind tag of the type
   * @param timeoutMs how long, or 0 for ever
   * @param args the command to run again
   * @param firstKey argument of the first key
   * @param lastKey argument of the last key
   */
  public void waitFor(int kind, long timeoutMs, Args args, int firstKey, int lastKey) {
    waits = true;
    if (serves) {
      return;
    }
    var words = new byte[args.count()][];
    for (int i = 0; i < words.length; i++) {
      words[i] = args.bytes(i);
    }
    var spec = Objects.requireNonNull(server.table().find(words[0], 0, words[0].length));
    var names = new ArrayList<Watches.Name>(1);
    for (int i = firstKey; i <= lastKey; i++) {
      names.add(new Watches.Name(database.index(), words[i]));
    }
    var waiter = new Waiters.Waiter(session, spec, Args.of(words), names, firstKey, kind);
    server.waiters().add(waiter, timeoutMs);
  }

  /** Tells those who wait for a key that exists already that there is more in it. */
  public void signal(Key key) {
    server.waiters().signal(key);
  }

  /** True when the handler wants to wait. */
  boolean waits() {
    return waits;
  }

  void serves(boolean on) {
    serves = on;
  }

  /** Opens the key in argument {@code i}. */
  public Key open(Args args, int i) {
    return open(0, args, i);
  }

  /** Opens the key in argument {@code i} with cursor number {@code cursor}. */
  public Key open(int cursor, Args args, int i) {
    return open(cursor, database, args.array(), args.offset(i), args.length(i));
  }

  /** Opens any key of any database with cursor number {@code cursor}. */
  public Key open(int cursor, Database in, byte[] array, int offset, int length) {
    if (cursor >= keys.length) {
      addCursors(cursor);
    }
    var key = keys[cursor];
    var task = enter(Key.taskOf(array, offset, length, execution.tasks()));
    key.open(in, task, array, offset, length, stampMs);
    if (writes && key.found()) {
      touch(key);
    }
    return key;
  }

  /** Opens a key for reading: counts the hit or miss and renews its access clock. */
  public Key read(Args args, int i) {
    return read(0, args, i);
  }

  /** Opens a key for reading with cursor number {@code cursor}. */
  public Key read(int cursor, Args args, int i) {
    var key = open(cursor, args, i);
    var stats = server.stats();
    if (key.found()) {
      stats.keyspaceHits++;
      touch(key);
    } else {
      stats.keyspaceMisses++;
      key.event(KeyspaceEvents.KEY_MISS, "keymiss");
    }
    return key;
  }

  /** Renews the access clock of a found key. */
  public void touch(Key key) {
    if (!session.noTouch()) {
      key.used();
    }
  }

  private void addCursors(int cursor) {
    int known = keys.length;
    keys = Arrays.copyOf(keys, cursor + 4);
    for (int i = known; i < keys.length; i++) {
      keys[i] = keyspace.cursor(execution);
    }
  }

  /** Takes part in a task: its last position binds the reply, and its number is in the record. */
  public TaskState enter(int taskId) {
    var task = execution.task(taskId);
    long last = task.lastPosition();
    if (last > position) {
      position = last;
    }
    if (taskCount == 0 || tasks[0] != taskId) {
      note(taskId);
    }
    return task;
  }

  private void note(int taskId) {
    int word = taskId >>> 6;
    if (word >= taskBits.length) {
      taskBits = Arrays.copyOf(taskBits, Math.max(word + 1, execution.tasks() >>> 6));
    }
    if ((taskBits[word] & 1L << taskId) != 0) {
      return;
    }
    taskBits[word] |= 1L << taskId;
    if (taskCount == tasks.length) {
      tasks = Arrays.copyOf(tasks, taskCount * 2);
    }
    tasks[taskCount++] = taskId;
  }

  /** Looks at all tasks, as DBSIZE does: the reply waits for all of them. */
  public void lookAtAll() {
    for (int i = 0; i < execution.tasks(); i++) {
      long last = execution.task(i).lastPosition();
      if (last > position) {
        position = last;
      }
    }
  }

  /** Changes all tasks, as FLUSHALL does. */
  public void changeAll() {
    lookAtAll();
    allTasks = true;
  }

  /** Journal position that must be released before the reply leaves. */
  public long position() {
    return position;
  }

  /** The reply waits for a journal position as well. */
  public void raisePosition(long to) {
    if (to > position) {
      position = to;
    }
  }

  /** The handler has appended records of its own: the command as received is not logged. */
  public void logged(long end) {
    loggedElsewhere = true;
    raisePosition(end);
  }

  boolean loggedElsewhere() {
    return loggedElsewhere;
  }

  /** The command answers later; until then the client's other commands wait. */
  public Resume suspend() {
    session.waits(true);
    return new Resume(session);
  }

  int partition() {
    return taskCount == 0 ? 0 : tasks[0];
  }

  int[] participants() {
    if (allTasks) {
      return Execution.ALL_TASKS;
    }
    return taskCount <= 1 ? NONE : Arrays.copyOfRange(tasks, 1, taskCount);
  }

  /**
   * Begins one resolved effect, a command of {@code arguments} words; the caller adds them. When a
   * handler gives any effect, its record says these and not the command as received.
   */
  public RequestEncoder effect(int arguments) {
    effects.raw(database.index());
    effects.begin(arguments);
    return effects;
  }

  RequestEncoder effects() {
    return effects;
  }

  /** Runs an action once this execution is complete and its record is in the journal. */
  public void afterwards(Runnable action) {
    after.add(action);
  }

  void runAfterwards() {
    if (!after.isEmpty()) {
      var actions = List.copyOf(after);
      after.clear();
      actions.forEach(Runnable::run);
    }
  }

  void forgetAfterwards() {
    after.clear();
  }
}
