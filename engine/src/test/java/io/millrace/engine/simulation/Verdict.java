package io.millrace.engine.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.depot.DepotReader;
import io.millrace.engine.depot.DepotRecord;
import io.millrace.engine.internal.log.FsyncMode;
import io.millrace.engine.internal.log.Journal;
import io.millrace.engine.path.Path;
import io.millrace.engine.state.Execution;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What was promised by a life, and what must hold at every step. */
final class Verdict {
  private static final long SECOND = 1_000_000_000L;

  private final Simulation simulation;
  private final Machine machine;
  private final History history;

  /** When each position was released first in this life. */
  private final List<long[]> releases = new ArrayList<>();

  /** When each position was written first in this life. */
  private final List<long[]> writes = new ArrayList<>();

  private long toldTo;
  private long synced;
  private long written;
  private long released;
  private boolean onlyKilled;
  private long cut = -1;
  private @Nullable Long digest;
  private int size;
  private boolean exact = true;

  Verdict(Simulation simulation, History history) {
    this.simulation = simulation;
    machine = simulation.machine;
    this.history = history;
  }

  private Journal journal() {
    return machine.host().node().journal();
  }

  // --- Between lives.

  /** The life is about to end: what it owes. */
  void ended(boolean power, SimLane lane) {
    Journal journal = journal();
    synced = journal.synced();
    written = journal.written();
    released = journal.released();
    onlyKilled = !power;
    digest = exact && journal.failure() == null ? machine.host().digest() : null;
    size = history.size();
  }

  /** A start that came to nothing; with the power, what only the kernel had is gone as well. */
  void again(boolean power, boolean started) {
    if (power) {
      onlyKilled = false;
    }
  }

  /** Somebody has changed the disk: what lies behind a position cannot be promised. */
  void forgive(long position) {
    onlyKilled = false;
    synced = Math.min(synced, position);
    released = Math.min(released, position);
    toldTo = Math.min(toldTo, position);
  }

  /** The node is up again: nothing more is lost than may be. */
  void started() {
    long end = machine.host().recoveredTo();
    FsyncMode mode = machine.setup.mode();
    assertThat(end)
        .as("I1: what was forced, or written before a kill, is there")
        .isGreaterThanOrEqualTo(onlyKilled ? written : synced);
    if (onlyKilled || mode == FsyncMode.ALWAYS) {
      assertThat(end).as("I1: what was told is there").isGreaterThanOrEqualTo(toldTo);
      assertThat(end).as("I1: what was released is there").isGreaterThanOrEqualTo(released);
    }
    if (mode == FsyncMode.EVERYSEC && end < released) {
      assertThat(lostSpan(end)).as("I1: span of what is lost").isLessThanOrEqualTo(SECOND);
    }
    History.Entry last = history.last();
    if (last != null && end < last.end()) {
      simulation.tally.torn++;
    }
    simulation.tally.lost += history.cutTo(end);
    History.Entry kept = history.last();
    if (kept != null && kept.end() > end) {
      // The record is there and what it causes was appended again.
      exact = !(kept.op() instanceof Model.Silent);
    } else {
      exact = true;
    }
    history.trim(end);
    releases.clear();
    writes.clear();
    toldTo = 0;
    synced = end;
    written = end;
    released = end;
    onlyKilled = false;
    cut = machine.disk.cutPosition();
    assertThat(cut).as("I3: the cut is not ahead of the journal").isLessThanOrEqualTo(end);
    journal().onReleased(at -> releases.add(new long[] {at, machine.nanos}));
  }

  private long lostSpan(long end) {
    long first = Long.MAX_VALUE;
    long last = 0;
    for (long[] release : releases) {
      if (release[0] > end) {
        first = Math.min(first, release[1]);
      }
      last = Math.max(last, release[1]);
    }
    return last - first;
  }

  /** The state is the one of a prefix of history. */
  void state(SimLane lane) {
    if (history.size() == size && digest != null && exact) {
      assertThat(machine.host().digest()).as("I4: digest after a start").isEqualTo(digest);
    }
    History.Entry kept = history.last();
    Long expected = kept == null ? null : kept.digest();
    if (expected != null && exact) {
      assertThat(machine.host().digest()).as("I4: digest of the prefix").isEqualTo(expected);
    }
    invariants(lane, true);
  }

  /** Every event of the kept depot that may be there is there once, in order. */
  void depots() throws IOException {
    journal().syncStep();
    int depot = Objects.requireNonNull(machine.host().depotId("bank/moves"));
    for (int partition = 0; partition < machine.setup.tasks(); partition++) {
      Map<Long, Long> known = history.model.moves.getOrDefault(partition, new TreeMap<>());
      List<Long> offsets = new ArrayList<>();
      try (DepotReader reader = machine.host().depots().read(depot, partition, 0)) {
        for (DepotRecord next = reader.next(); next != null; next = reader.next()) {
          offsets.add(next.offset());
        }
      }
      List<Long> expected = new ArrayList<>(known.keySet());
      if (!machine.setup.retention().forever()) {
        expected.removeIf(offset -> offsets.isEmpty() || offset < offsets.getFirst());
      }
      assertThat(offsets).as("I5: offsets of partition %d", partition).isEqualTo(expected);
    }
  }

  /** The same from nothing, where the whole journal is kept, and from the last cut. */
  void refold() throws IOException {
    long live = machine.host().digest();
    if (!machine.setup.keepJournal()) {
      return;
    }
    journal().syncStep();
    Machine other = machine.refold(simulation.elsewhere);
    other.start();
    assertThat(other.host().digest()).as("I4: refold from zero").isEqualTo(live);
    other.end(false, simulation.random);
  }

  // --- Every step.

  /** A reply has left. */
  void told(SimLane.Reply reply) {
    Journal journal = journal();
    long position = reply.position();
    assertThat(position)
        .as("I2: '%s' waits for all that it shows", reply.what())
        .isGreaterThanOrEqualTo(reply.needed());
    assertThat(journal.written())
        .as("I1: '%s' is with the kernel when it is answered", reply.what())
        .isGreaterThanOrEqualTo(position);
    assertThat(journal.released())
        .as("I2: '%s' leaves when the watermark has reached it", reply.what())
        .isGreaterThanOrEqualTo(position);
    toldTo = Math.max(toldTo, position);
  }

  /** A checkpoint is done. */
  void checkpointed(long position) {
    cut = position;
    if (simulation.plant == Plant.NONE) {
      assertThat(machine.disk.cutPosition()).as("I3: the cut is durable").isEqualTo(position);
    }
    assertThat(journal().synced()).as("I3: the journal first").isGreaterThanOrEqualTo(position);
  }

  /** All that must hold whenever one looks. */
  void invariants(@Nullable SimLane lane, boolean all) {
    Journal journal = journal();
    FsyncMode mode = machine.setup.mode();
    long syncedNow = journal.synced();
    assertThat(syncedNow).as("synced, written").isLessThanOrEqualTo(journal.written());
    assertThat(journal.written()).as("written, appended").isLessThanOrEqualTo(journal.appended());
    assertThat(journal.released())
        .as("I1: released, %s", mode)
        .isLessThanOrEqualTo(mode == FsyncMode.ALWAYS ? syncedNow : journal.written());
    History.Entry last = history.last();
    if (last != null && exact) {
      assertThat(journal.appended()).as("history").isGreaterThanOrEqualTo(last.end());
    }
    if (simulation.plant == Plant.NONE) {
      assertThat(machine.disk.cutPosition())
          .as("I3: only a checkpoint writes to the store")
          .isEqualTo(cut);
    }
    if (lane == null) {
      return;
    }
    Execution x = lane.look();
    machine.disk.coldEvery(0);
    try {
      assertThat(machine.words.all(x))
          .as("I4: state is the fold of what was published")
          .isEqualTo(history.model.words);
      if (all && machine.setup.stagesPerRecord() == 1024) {
        bank(x);
      }
    } finally {
      machine.disk.coldEvery(simulation.coldEvery);
      lane.looked();
    }
  }

  private void bank(Execution x) {
    TreeMap<Long, Long> balances = simulation.balances(x);
    assertThat(balances).as("I4: balances").isEqualTo(history.model.balances);
    long sum = balances.values().stream().mapToLong(Long::longValue).sum();
    Object fees = simulation.one(x, "bank/fee_totals", Path.key("all"));
    assertThat(sum + (fees == null ? 0 : (Long) fees))
        .as("money is conserved")
        .isEqualTo(history.model.opened);
    for (long account = 0; account < Bank.ACCOUNTS; account++) {
      assertThat(received(x, account))
          .as("I5: moves received by %d, in order", account)
          .isEqualTo(history.model.received.getOrDefault(account, List.of()));
    }
    for (long key = 0; key < 20; key += 5) {
      assertThat(simulation.one(x, "bank/misplaced", Path.key(key))).as("I6: misplaced").isNull();
    }
  }

  private List<@Nullable Object> received(Execution x, long account) {
    return machine
        .modules()
        .pstate("bank/received")
        .prepare(Path.key(account).all())
        .read(x)
        .values();
  }
}
