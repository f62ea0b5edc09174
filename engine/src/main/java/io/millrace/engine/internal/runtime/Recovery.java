package io.millrace.engine.internal.runtime;

import io.millrace.engine.internal.log.Journal;
import io.millrace.engine.internal.log.JournalReader;
import io.millrace.engine.internal.log.RecordView;
import io.millrace.engine.internal.store.TieredStore;
import io.millrace.engine.internal.store.cold.StoreFullException;
import io.millrace.engine.internal.store.cut.Cut;
import io.millrace.engine.internal.store.cut.CutInfo;
import io.millrace.engine.state.Execution;
import io.millrace.engine.state.SpaceOrder;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings state up to the end of the journal: the last cut is open, the rest is folded again. */
public final class Recovery {
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
  private static final int[] NO_TASKS = new int[0];

  /** What folds load from disk must not outgrow the budget, so it leaves again on the way. */
  private static final int EVICT_EVERY = 64;

  /** Bytes of a record that are many at once. */
  private static final int LARGE = 64 << 10;

  private static final long EVICT_NS = 1_000_000;

  private static final long RECLAIM_NS = 10_000_000;

  private static final long MISSING_NS = 1_000_000_000;

  private final Node node;
  private final boolean spills;
  private final FoldRecord record = new FoldRecord();

  private Recovery(Node node, boolean spills) {
    this.node = node;
    this.spills = spills;
  }

  /**
   * Recovers a node that stands at its last cut.
   *
   * @param retire what is given up by name
   * @return how many records were folded
   */
  public static long run(Node node, @Nullable CutInfo cut, Set<String> retire) {
    return run(node, cut, retire, false);
  }

  /**
   * The same for a scratch copy that may fold far more than memory holds: checkpoints are made as
   * early as in a node at work.
   */
  public static long runScratch(Node node, @Nullable CutInfo cut) {
    return run(node, cut, Set.of(), true);
  }

  private static long run(Node node, @Nullable CutInfo cut, Set<String> retire, boolean spills) {
    Recovery recovery = new Recovery(node, spills);
    NodeExecution execution = node.execution();
    long folded;
    node.lock().acquire();
    try {
      node.store().markMutated();
      if (cut == null) {
        int space = execution.createSpace(SystemSpace.FAMILY, SpaceOrder.HASH);
        if (space != SystemSpace.SPACE) {
          throw new IllegalStateException("The first space must be the system space: " + space);
        }
      } else {
        execution.restore(cut.stampMs(), cut.runtimeMeta());
        node.registry().load(execution, cut.runtimeMeta());
      }
      folded = recovery.replay(node.journal(), cut == null ? 0 : cut.position());
      recovery.register(retire);
      node.registry().hosted().forEach(module -> module.recovered(execution));
    } finally {
      node.lock().release();
    }
    node.write();
    return folded;
  }

  /** Folds the journal from a position; returns how many records were folded. */
  private long replay(Journal journal, long from) {
    long folded = 0;
    try (JournalReader reader = journal.read(from)) {
      while (reader.next()) {
        fold(reader.record());
        folded++;
        if ((folded & EVICT_EVERY - 1) == 0 || reader.record().bodyLength() >= LARGE) {
          makeRoom(reader.record().endPosition());
        }
      }
    }
    int missing = node.execution().endReplay();
    if (!spills) {
      appendMissing();
    }
    if (folded > 0 || missing > 0) {
      LOG.info("recovery folded {} records, {} more are to be appended", folded, missing);
    }
    return folded;
  }

  /**
   * Appends what folds had emitted and the journal does not hold, and what follows from it. Not for
   * long: the rest comes when the doors are open.
   */
  private void appendMissing() {
    NodeExecution execution = node.execution();
    long start = System.nanoTime();
    node.store().markMutated();
    while (System.nanoTime() - start < MISSING_NS) {
      execution.nextSlice();
      if (execution.appendEmissions() == 0) {
        return;
      }
      node.write();
    }
  }

  private void makeRoom(long position) {
    TieredStore store = node.store();
    store.evictClean(EVICT_NS);
    boolean wanted = spills ? store.wantsCheckpoint() : store.needsCheckpoint();
    if (wanted) {
      NodeExecution execution = node.execution();
      Cut cut = store.seal(position, execution.newestRecordMs(), execution.runtimeMeta());
      node.lock().release();
      try {
        store.checkpoint(cut);
      } catch (StoreFullException full) {
        if (spills) {
          throw full;
        }
        LOG.warn("recovery goes on without a checkpoint: {}", full.getMessage());
      } finally {
        node.lock().acquire();
      }
      store.reclaim(RECLAIM_NS);
      store.evictClean(RECLAIM_NS);
    }
  }

  private void fold(RecordView view) {
    record.depotId = view.depot();
    record.partition = view.partition();
    record.recordOffset = view.offset();
    record.timeMs = view.timeMs();
    record.typeId = view.type();
    record.version = view.version();
    record.position = view.position();
    record.array = view.bytes();
    record.offset = view.bodyOffset();
    record.length = view.bodyLength();
    record.idempotencyKey = view.hasKey() ? key(view) : null;
    record.cause = view.hasCause() ? cause(view) : null;
    node.execution().replay(record, participants(view), view.endPosition());
  }

  private static Cause cause(RecordView view) {
    return new Cause(view.causeTask(), view.causeDepot(), view.causeOffset(), view.causeOrdinal());
  }

  private static byte[] key(RecordView view) {
    byte[] key = new byte[view.keyLength()];
    System.arraycopy(view.bytes(), view.keyOffset(), key, 0, key.length);
    return key;
  }

  private static int[] participants(RecordView view) {
    if (view.allTasks()) {
      return Execution.ALL_TASKS;
    }
    int count = view.participantCount();
    if (count == 0) {
      return NO_TASKS;
    }
    int[] tasks = new int[count];
    for (int i = 0; i < count; i++) {
      tasks[i] = view.participant(i);
    }
    return tasks;
  }

  /** Brings the directory and the modules together. */
  private void register(Set<String> retire) {
    Deployment deployment =
        new Deployment(
            node.registry(),
            node.execution(),
            retire,
            registration -> append(SysRecords.REGISTER, registration.encode()));
    node.registry().check(node.execution());
    deployment.check();
    byte[] ids = node.execution().firstIds();
    if (ids != null) {
      append(SysRecords.IDS, ids);
    }
    byte[] moduleIds = node.execution().firstModuleIds();
    if (moduleIds != null) {
      append(SysRecords.MODULE_IDS, moduleIds);
    }
    deployment.run();
  }

  private void append(int type, byte[] body) {
    NodeExecution execution = node.execution();
    execution.next();
    node.store().markMutated();
    execution.appendEvent(SysRecords.DEPOT_ID, 0, type, 1, null, body, 0, body.length);
  }
}
