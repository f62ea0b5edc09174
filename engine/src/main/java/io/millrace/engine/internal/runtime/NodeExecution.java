package io.millrace.engine.internal.runtime;

import io.millrace.engine.internal.log.Journal;
import io.millrace.engine.internal.log.RecordDraft;
import io.millrace.engine.internal.store.TieredStore;
import io.millrace.engine.state.HotPath;
import io.millrace.engine.state.SpaceOrder;
import io.millrace.engine.state.TaskState;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The one execution of a node; every method requires the lock. */
@HotPath(benchmark = "KeyspaceBenchmark")
final class NodeExecution implements AppendExecution {
  private static final int[] NO_TASKS = new int[0];

  /**
   * Ids left out when they get a counter of their own: the process that died may have taken more
   * numbers for pages, and thus given higher ids, than the replay of what it left.
   */
  private static final long MARGIN = 1 << 20;

  private final TieredStore store;
  private final Journal journal;
  private final Registry registry;
  private final int tasks;
  private final int referenceBytes;
  private final TaskState[] states;
  private final RecordDraft draft = new RecordDraft();
  private final FoldRecord live = new FoldRecord();
  private final ArrayDeque<Emission> emissions = new ArrayDeque<>();

  /** What folds emitted during replay and the journal has not shown yet. */
  private final Map<Cause, Emission> expected = new LinkedHashMap<>();

  private @Nullable FoldRecord folding;
  private int ordinal;
  private int[] touched = new int[16];
  private int touchedCount;
  private long stampMs;
  private long newestRecordMs;
  private boolean replaying;
  private long replayEnd;

  NodeExecution(
      TieredStore store, Journal journal, Registry registry, int tasks, int referenceBytes) {
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
    store.clearMutated();
  }

  /** Starts the next execution of the same hold. */
  void next() {
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
    emissions.clear();
    foldAsLive();
    draft.reset(depotId, partition, live.recordOffset, stampMs, typeId, version);
    if (idempotencyKey != null) {
      draft.key(idempotencyKey, 0, idempotencyKey.length);
    }
    registry.takeOffset(depotId, partition);
    long end = journal(partition, NO_TASKS, body, offset, length);
    placeTouched(end);
    store.markMutated();
    return appendEmissions(end);
  }

  /** Journals and folds what folds emitted, first in first out, until nothing is left. */
  long appendEmissions(long end) {
    long last = end;
    for (Emission e = emissions.poll(); e != null; e = emissions.poll()) {
      fill(e.depotId(), e.partition(), e.typeId(), e.version(), e.body(), 0, e.body().length);
      live.idempotencyKey = null;
      live.cause = e.cause();
      foldAsLive();
      Cause cause = e.cause();
      draft
          .reset(e.depotId(), e.partition(), live.recordOffset, stampMs, e.typeId(), e.version())
          .cause(cause.task(), cause.depotId(), cause.offset(), cause.ordinal());
      registry.takeOffset(e.depotId(), e.partition());
      last = journal(e.partition(), NO_TASKS, e.body(), 0, e.body().length);
      placeTouched(last);
    }
    return last;
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
    try {
      fold(live);
    } catch (RuntimeException | Error e) {
      emissions.clear();
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
      int depotId, int partition, int typeId, int version, byte[] body, int offset, int length) {
    FoldRecord cause = folding;
    if (cause == null) {
      throw new IllegalStateException("emit is only possible while a record is being folded");
    }
    Cause name = new Cause(cause.partition, cause.depotId, cause.recordOffset, ordinal++);
    byte[] copy = Arrays.copyOfRange(body, offset, offset + length);
    Emission emission = new Emission(depotId, partition, typeId, version, copy, name);
    if (replaying) {
      expected.put(name, emission);
    } else {
      emissions.add(emission);
    }
  }

  @Override
  public void decide(int partition, int typeId, byte[] body, int offset, int length) {
    emit(SysRecords.DEPOT_ID, partition, typeId, 1, body, offset, length);
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
      moveBehind(at);
    }
  }

  /** The record being folded stands in the sys depot, behind the decision that took its offset. */
  private void moveBehind(long taken) {
    live.recordOffset = taken + 1;
    for (int left = emissions.size(); left > 0; left--) {
      Emission e = emissions.remove();
      Cause cause = e.cause();
      boolean ours =
          cause.depotId() == live.depotId
              && cause.task() == live.partition
              && cause.offset() == taken;
      emissions.add(ours ? e.causedBy(live.recordOffset) : e);
    }
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
      if (record.cause != null) {
        expected.remove(record.cause);
      }
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
        expected.remove(record.cause);
      }
      Registry.hand(record, module, this);
    } finally {
      folding = outer;
      stampMs = stamp;
      replaying = replays;
    }
  }

  /** Moves what kept records emitted and nobody has said to what is to be appended now. */
  void sayWhatWasKept() {
    if (!replaying) {
      emissions.addAll(expected.values());
      expected.clear();
    }
  }

  /** True between a replayed record and the ones it caused. */
  boolean expectsRecords() {
    return !expected.isEmpty();
  }

  /** Appends what folds emitted before a crash and the journal does not hold. */
  int appendMissing() {
    int missing = expected.size();
    store.markMutated();
    emissions.addAll(expected.values());
    expected.clear();
    appendEmissions(0);
    return missing;
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
  void restore(long cutStampMs) {
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
