package io.millrace.sql.run;

import io.millrace.engine.table.Snapshot;
import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import java.util.Arrays;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What one execution of a statement shares: parameters, the snapshot, the moment, limits. Used by
 * one thread at a time; only {@link #cancel} may come from another.
 */
public final class ExecContext implements AutoCloseable {
  /** Name under which generated code of the fallback finds the execution. */
  public static final String NAME = "millrace.context";

  private static final Object NULL = new Object();
  private static final int LARGE = 16 << 10;
  private static final int MAX_TEXT = 64 << 20;
  private static final int MOST_KEPT = 16;

  /** A value that took some time to make. */
  private record Kept(Object value, long bytes) {}

  private final @Nullable Object[] parameters;
  private final SnapshotSource snapshots;
  private final @Nullable String afterToken;
  private final long timeoutMs;
  private final MemoryBudget budget;
  private final SessionInfo session;
  private final long nowMs;
  private @Nullable Snapshot snapshot;
  private @Nullable Object[] slots = new Object[8];
  private @Nullable Object[][] correlations = new Object[4][];
  private final LinkedHashMap<Object, Kept> memory = new LinkedHashMap<>();
  private long reserved;
  private long scratch;
  private volatile @Nullable SqlProblem canceled;
  private @Nullable Profile profile;

  /**
   * A context for one execution.
   *
   * @param afterToken what the snapshot must contain, or null
   * @param timeoutMs how long to wait for that, 0 for no limit
   */
  public ExecContext(
      @Nullable Object[] parameters,
      SnapshotSource snapshots,
      @Nullable String afterToken,
      long timeoutMs,
      MemoryBudget budget,
      SessionInfo session,
      long nowMs) {
    this.parameters = parameters;
    this.snapshots = snapshots;
    this.afterToken = afterToken;
    this.timeoutMs = timeoutMs;
    this.budget = budget;
    this.session = session;
    this.nowMs = nowMs;
  }

  /** The snapshot of this statement; opened at first need. */
  public Snapshot snapshot() {
    var open = snapshot;
    if (open == null) {
      open = snapshots.open(afterToken, timeoutMs, this::check);
      snapshot = open;
    }
    return open;
  }

  /** Journal position of the snapshot, or -1 when nothing has been read. */
  public long position() {
    var open = snapshot;
    return open == null ? -1 : open.position();
  }

  /** The moment of the statement in ms since the epoch. */
  public long nowMs() {
    return nowMs;
  }

  /** Who asks. */
  public SessionInfo session() {
    return session;
  }

  /** Value of a parameter. */
  public @Nullable Object parameter(int index) {
    if (index >= parameters.length) {
      throw new SqlProblem(
          SqlState.PROTOCOL_VIOLATION, "parameter $" + (index + 1) + " is not set");
    }
    return parameters[index];
  }

  /** A value kept for this execution under a slot number of the plan, or null when not computed. */
  public @Nullable Object slot(int index) {
    return index < slots.length ? slots[index] : null;
  }

  /** Keeps a value; null is kept as {@link #nullMark}. */
  public void slot(int index, @Nullable Object value) {
    if (index >= slots.length) {
      slots = Arrays.copyOf(slots, Math.max(index + 1, slots.length * 2));
    }
    slots[index] = value == null ? NULL : value;
  }

  /** Forgets what depends on outer rows. */
  public static Object nullMark() {
    return NULL;
  }

  /** What was kept under a key, or null. */
  public @Nullable Object remembered(Object key) {
    var kept = memory.get(key);
    return kept == null ? null : kept.value;
  }

  /** Keeps a value under a key; the oldest one goes when there are many. */
  public void remember(Object key, Object value, long bytes) {
    reserve(bytes);
    memory.put(key, new Kept(value, bytes));
    if (memory.size() > MOST_KEPT) {
      release(memory.pollFirstEntry().getValue().bytes);
    }
  }

  /** The outer row of a correlated part. */
  public @Nullable Object[] correlation(int id) {
    var row = id < correlations.length ? correlations[id] : null;
    if (row == null) {
      throw new IllegalStateException("no outer row for correlation " + id);
    }
    return row;
  }

  /** Sets the outer row of a correlated part. */
  public void correlation(int id, @Nullable Object[] row) {
    if (id >= correlations.length) {
      correlations = Arrays.copyOf(correlations, id + 4);
    }
    correlations[id] = row;
  }

  /** Reserves memory; throws 53200 beyond the limits. */
  public void reserve(long bytes) {
    budget.reserve(bytes, reserved + bytes);
    reserved += bytes;
  }

  /**
   * Called before an expression makes a text of so many characters: 54000 when that is more than
   * any text may have, 53200 when the statement or all together would hold too much.
   */
  public void making(long length) {
    if (length > MAX_TEXT) {
      throw new SqlProblem(SqlState.LIMIT_EXCEEDED, "requested length too large");
    }
    if (length > LARGE) {
      reserve(length);
      scratch += length;
    }
  }

  /** Bytes of large texts that expressions have made and nobody has let go. */
  public long scratch() {
    return scratch;
  }

  /** Lets go what expressions made since {@link #scratch} had a value: nobody holds it any more. */
  public void dropScratch(long bytes) {
    if (bytes > 0) {
      scratch -= bytes;
      release(bytes);
    }
  }

  /** What expressions made since {@link #scratch} had a value stays until the end. */
  public void keepScratch(long since) {
    scratch = since;
  }

  /** Gives reserved memory back. */
  public void release(long bytes) {
    budget.release(bytes);
    reserved -= bytes;
  }

  /** Asks the execution to end with this problem; any thread. */
  public void cancel(SqlProblem reason) {
    canceled = reason;
  }

  /** Throws when the execution was asked to end; called once per batch. */
  public void check() {
    var reason = canceled;
    if (reason != null) {
      throw reason;
    }
  }

  /** Row and time counters per plan node, when somebody wants them. */
  public @Nullable Profile profile() {
    return profile;
  }

  /** Switches counting on. */
  public void profile(Profile wanted) {
    profile = wanted;
  }

  @Override
  public void close() {
    budget.release(reserved);
    reserved = 0;
    var open = snapshot;
    if (open != null) {
      snapshot = null;
      open.close();
    }
  }
}
