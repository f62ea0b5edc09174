package io.millrace.engine.internal.runtime;

import io.millrace.engine.internal.guard.EventTree;
import io.millrace.engine.internal.guard.FoldGuard;
import io.millrace.engine.internal.guard.FoldLimits;
import io.millrace.engine.internal.guard.FoldWatch;
import io.millrace.engine.internal.guard.StopMarks;
import io.millrace.engine.internal.log.Journal;
import io.millrace.engine.internal.log.RecordDraft;
import io.millrace.engine.internal.store.TieredStore;
import io.millrace.engine.state.HotPath;
import io.millrace.engine.state.SpaceOrder;
import io.millrace.engine.state.TaskState;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The one execution of a node; every method requires the lock. */
@HotPath(benchmark = "KeyspaceBenchmark")
public final class NodeExecution implements AppendExecution {
  private static final int[] NO_TASKS = new int[0];

  /**
   * Ids left out when they get a counter of their own: the process that died may have taken more
   * numbers for pages, and thus given higher ids, than the replay of what it left.
   */
  private static final long MARGIN = 1 << 20;

  /** How long one hold goes on with what folds emitted. */
  private static final long SLICE_NS = 2_000_000;

  private static final int EMISSIONS_PER_LOOK = 32;
  private static final int RECORD_ROOM = 128;

  private final TieredStore store;
  private final Journal journal;
  private final ModuleRegistry registry;
  private final int tasks;
  private final int referenceBytes;
  private final TaskState[] states;
  private final RecordDraft draft = new RecordDraft();
  private final FoldRecord live = new FoldRecord();
  private final Emissions emissions = new Emissions();
  private final FoldGuard guard;

  private @Nullable FoldRecord folding;
  private int ordinal;
  private int[] touched = new int[16];
  private int touchedCount;
  private @Nullable EventTree tree;

  /** When emissions stop for the present hold; 0 before its first. */
  private long sliceEndNs;

  private long stampMs;
  private long newestRecordMs;
  private boolean replaying;
  private long replayEnd;

  /** Whether the last record folded again may have been a decision about the next one. */
  private boolean decidedLast;

  public NodeExecution(
      TieredStore store,
      Journal journal,
      ModuleRegistry registry,
      int tasks,
      int referenceBytes,
      FoldGuard guard) {
    this.guard = guard;
    this.referenceBytes = referenceBytes;
    this.store = store;
    this.journal = journal;
    this.registry = registry;
    this.tasks = tasks;
    states = new TaskState[tasks];
    for (int i = 0; i < tasks; i++) {
      states[i] = store.task(i);
    }
  }

  /** Starts an execution at lane time {@code nowMs}. */
  void begin(long nowMs) {
    if (nowMs > stampMs) {
      stampMs = nowMs;
    }
    sliceEndNs = 0;
    store.clearMutated();
  }

  /** Gives folds more time within this hold; only while nobody else waits for it. */
  void nextSlice() {
    sliceEndNs = 0;
  }

  /** Starts the next execution of the same hold. */
  public void next() {
    store.clearMutated();
  }

  @Override
  public long stampMs() {
    return stampMs;
  }

  @Override
  public long newestRecordMs() {
    return newestRecordMs;
  }

  @Override
  public boolean replaying() {
    return replaying;
  }

  @Override
  public int tasks() {
    return tasks;
  }

  @Override
  public TaskState task(int taskId) {
    return states[taskId];
  }

  @Override
  public boolean mutated() {
    return store.mutated();
  }

  @Override
  public long changes() {
    return store.changeCount();
  }

  @Override
  public long append(
      int depotId,
      int partition,
      int typeId,
      int[] participants,
      byte[] body,
      int bodyOffset,
      int bodyLength) {
    if (replaying) {
      return replayEnd;
    }
    store.mayChange();
    draft
        .reset(depotId, partition, registry.takeOffset(depotId, partition), stampMs, typeId, 1)
        .participants(participants);
    return journal(partition, participants, body, bodyOffset, bodyLength);
  }

  private long journal(int partition, int[] participants, byte[] body, int offset, int length) {
    long end;
    if (length >= referenceBytes) {
      // The journal keeps large bodies by reference until they are written; callers reuse theirs.
      end = journal.append(draft, Arrays.copyOfRange(body, offset, offset + length), 0, length);
    } else {
      end = journal.append(draft, body, offset, length);
    }
    newestRecordMs = stampMs;
    placed(partition, participants, end);
    return end;
  }

  private void placed(int partition, int[] participants, long end) {
    store.lastPosition(partition, end);
    if (participants == ALL_TASKS) {
      for (int i = 0; i < tasks; i++) {
        store.lastPosition(i, end);
      }
    } else {
      for (int task : participants) {
        store.lastPosition(task, end);
      }
    }
  }

  @Override
  public long appendEvent(
      int depotId,
      int partition,
      int typeId,
      int version,
      byte @Nullable [] idempotencyKey,
      byte[] body,
      int offset,
      int length) {
    store.mayChange();
    fill(depotId, partition, typeId, version, body, offset, length);
    live.idempotencyKey = idempotencyKey;
    live.cause = null;
    tree = null;
    foldAsLive();
    draft.reset(depotId, partition, live.recordOffset, stampMs, typeId, version);
    if (idempotencyKey != null) {
      draft.key(idempotencyKey, 0, idempotencyKey.length);
    }
    registry.takeOffset(depotId, partition);
    long end = journal(partition, NO_TASKS, body, offset, length);
    placeTouched(end);
    store.markMutated();
    return emissions.isEmpty() ? end : Math.max(end, appendEmissions());
  }

  /**
   * Journals and folds what folds emitted, first in first out, as long as this hold has time and
   * the journal has room; the rest comes in later holds, see {@link Node#drainSome}.
   *
   * @return end position of the last record, 0 when there was none
   */
  long appendEmissions() {
    long last = 0;
    int untilLook = 0;
    for (Emission e = emissions.first(); e != null; e = emissions.first()) {
      if (untilLook-- == 0) {
        untilLook = EMISSIONS_PER_LOOK;
        if (sliceIsOver()) {
          break;
        }
      }
      if (last > 0 && !journal.hasRoom(e.body().length + RECORD_ROOM)) {
        break;
      }
      last = appendEmission(e);
    }
    return last;
  }

  private boolean sliceIsOver() {
    if (!guard.limits().pauses()) {
      return false;
    }
    long now = System.nanoTime();
    if (sliceEndNs == 0) {
      sliceEndNs = now + SLICE_NS;
    }
    return now - sliceEndNs > 0;
  }

  private long appendEmission(Emission e) {
    fill(e.depotId(), e.partition(), e.typeId(), e.version(), e.body(), 0, e.body().length);
    live.idempotencyKey = null;
    live.cause = e.cause();
    tree = e.tree();
    foldAsLive();
    Cause cause = e.cause();
    draft
        .reset(e.depotId(), e.partition(), live.recordOffset, stampMs, e.typeId(), e.version())
        .cause(cause.task(), cause.depotId(), cause.offset(), cause.ordinal());
    registry.takeOffset(e.depotId(), e.partition());
    long end = journal(e.partition(), NO_TASKS, e.body(), 0, e.body().length);
    placeTouched(end);
    store.markMutated();
    emissions.settle(e);
    return end;
  }

  private void fill(
      int depotId, int partition, int typeId, int version, byte[] body, int offset, int length) {
    live.depotId = depotId;
    live.partition = partition;
    live.recordOffset = registry.nextOffset(depotId, partition);
    live.timeMs = stampMs;
    live.typeId = typeId;
    live.version = version;
    live.position = journal.appended();
    live.array = body;
    live.offset = offset;
    live.length = length;
  }

  private void foldAsLive() {
    int before = emissions.size();
    try {
      fold(live);
    } catch (RuntimeException e) {
      emissions.truncate(before);
      throw e;
    } catch (Error e) {
      // Not from code of modules, whose stages are undone: nobody knows what is half done.
      guard.broken(e);
      throw e;
    }
  }

  private void fold(FoldRecord record) {
    folding = record;
    ordinal = 0;
    touchedCount = 0;
    try {
      registry.fold(record, this);
    } finally {
      folding = null;
    }
  }

  @Override
  public void emit(
      int depotId, int partition, int typeId, int version, byte[] body, EventTree belongsTo) {
    FoldRecord cause = folding;
    if (cause == null) {
      throw new IllegalStateException("emit is only possible while a record is being folded");
    }
    Cause name = new Cause(cause.partition, cause.depotId, cause.recordOffset, ordinal++);
    Emission emission = new Emission(depotId, partition, typeId, version, body, name, belongsTo);
    if (replaying) {
      emissions.expect(emission);
    } else {
      emissions.add(emission);
    }
  }

  @Override
  public void decideFirst(int partition, int typeId, byte[] body, int offset, int length) {
    if (replaying) {
      return;
    }
    long at = registry.takeOffset(SysRecords.DEPOT_ID, partition);
    draft.reset(SysRecords.DEPOT_ID, partition, at, stampMs, typeId, 1);
    journal(partition, NO_TASKS, body, offset, length);
    store.markMutated();
    live.position = journal.appended();
    if (live.depotId == SysRecords.DEPOT_ID && live.partition == partition) {
      // The record being folded stands behind the decision that took its offset.
      live.recordOffset = at + 1;
      emissions.move(live, at);
    }
  }

  @Override
  public EventTree tree() {
    EventTree present = tree;
    if (present == null) {
      present = new EventTree();
      tree = present;
    }
    return present;
  }

  @Override
  public long emitted() {
    return emissions.emitted();
  }

  @Override
  public long settled() {
    return emissions.settled();
  }

  @Override
  public FoldWatch watch() {
    return guard.watch();
  }

  @Override
  public FoldLimits limits() {
    return guard.limits();
  }

  @Override
  public StopMarks marks() {
    return guard.marks();
  }

  @Override
  public void touched(int task) {
    if (touchedCount > 0 && touched[touchedCount - 1] == task) {
      return;
    }
    if (touchedCount == touched.length) {
      touched = Arrays.copyOf(touched, touchedCount * 2);
    }
    touched[touchedCount++] = task;
  }

  private void placeTouched(long end) {
    for (int i = 0; i < touchedCount; i++) {
      store.lastPosition(touched[i], end);
    }
    touchedCount = 0;
  }

  @Override
  public long nextOffset(int depotId, int partition) {
    return registry.nextOffset(depotId, partition);
  }

  /** Folds a record of the journal again. */
  void replay(FoldRecord record, int[] participants, long endPosition) {
    replaying = true;
    replayEnd = endPosition;
    try {
      stampMs = Math.max(stampMs, record.timeMs);
      long stampOfNode = stampMs;
      stampMs = record.timeMs;
      newestRecordMs = Math.max(newestRecordMs, record.timeMs);
      store.clearMutated();
      store.markMutated();
      registry.replayed(record.depotId, record.partition, record.recordOffset);
      decidedLast =
          record.depotId == SysRecords.DEPOT_ID && record.typeId >= SysRecords.FIRST_DECISION;
      if (record.cause != null) {
        emissions.shown(record.cause);
      }
      tree = null;
      fold(record);
      placed(record.partition, participants, endPosition);
      placeTouched(endPosition);
      stampMs = stampOfNode;
    } finally {
      replaying = false;
    }
  }

  /**
   * Folds a record that was kept for a module, as replay would: what it emits is expected among the
   * records behind it.
   */
  void foldKept(FoldRecord record, HostedModule module) {
    boolean replays = replaying;
    long stamp = stampMs;
    FoldRecord outer = folding;
    replaying = true;
    stampMs = record.timeMs;
    folding = record;
    ordinal = 0;
    try {
      if (record.cause != null) {
        emissions.shown(record.cause);
      }
      ModuleRegistry.hand(record, module, this);
    } finally {
      folding = outer;
      stampMs = stamp;
      replaying = replays;
    }
  }

  /** Moves what kept records emitted and nobody has said to what is to be appended now. */
  void sayWhatWasKept() {
    if (!replaying) {
      emissions.endReplay();
    }
  }

  /** State may be half changed: the process ends, the journal is whole. */
  void broken(Error cause) {
    guard.broken(cause);
  }

  /** What the journal has not shown of what folds emitted is to be appended from now on. */
  int endReplay() {
    if (decidedLast) {
      // Its record was lost; the next one must not be taken for it by a later replay.
      stampMs++;
    }
    return emissions.endReplay();
  }

  /** True while folds have emitted what the journal does not hold yet. Any thread may ask. */
  boolean emissionsWait() {
    return emissions.settled() < emissions.emitted();
  }

  /** The runtime's part of a cut. */
  public byte[] runtimeMeta() {
    return emissions.into(registry.offsets());
  }

  /** Body of the record that gives ids a counter of their own; null when they have one. */
  byte @Nullable [] firstIds() {
    if (store.idsStarted()) {
      return null;
    }
    ByteBuffer body = ByteBuffer.allocate(tasks * Long.BYTES);
    for (int task = 0; task < tasks; task++) {
      long next = store.peekNextId(task);
      body.putLong(next == 1 ? 1 : next + MARGIN);
    }
    return body.array();
  }

  /** Body of the record that lets modules count their ids by themselves; null when they do. */
  byte @Nullable [] firstModuleIds() {
    if (registry.firstModuleId(0) >= 0) {
      return null;
    }
    ByteBuffer body = ByteBuffer.allocate(tasks * Long.BYTES);
    for (int task = 0; task < tasks; task++) {
      body.putLong(store.peekNewId(task));
    }
    return body.array();
  }

  @Override
  public long firstModuleId(int task) {
    return registry.firstModuleId(task);
  }

  /** Folds such a record. */
  void startIds(FoldRecord record) {
    ByteBuffer body = ByteBuffer.wrap(record.array, record.offset, record.length);
    for (int task = 0; task < tasks; task++) {
      store.startIds(task, body.getLong());
    }
  }

  /** Restores the clocks of a cut. */
  void restore(long cutStampMs, byte[] runtimeMeta) {
    emissions.load(runtimeMeta);
    stampMs = cutStampMs;
    newestRecordMs = cutStampMs;
  }

  @Override
  public void beginUndo() {
    store.beginUndo();
  }

  @Override
  public void rollback() {
    store.rollback();
  }

  @Override
  public void commitUndo() {
    store.commitUndo();
  }

  @Override
  public void readThrough(Runnable read) {
    store.readThrough(read);
  }

  @Override
  public int createSpace(int family, SpaceOrder order) {
    return store.createSpace(family, order);
  }

  @Override
  public void dropSpace(int space) {
    store.dropSpace(space);
  }
}
