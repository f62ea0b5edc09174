package io.millrace.engine.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.depot.Appended;
import io.millrace.engine.depot.DepotClient;
import io.millrace.engine.internal.file.FaultFiles;
import io.millrace.engine.internal.log.FsyncMode;
import io.millrace.engine.internal.log.Journal;
import io.millrace.engine.internal.log.JournalSteps;
import io.millrace.engine.internal.store.cold.StoreException;
import io.millrace.engine.state.Execution;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One directory through several lives of a node. A seed decides which lane, disk or clock takes its
 * next step; after every step the invariants are checked, after every start what was promised.
 */
final class Simulation {
  private static final long SECOND = 1_000_000_000L;
  private static final int LANES = 3;
  private static final int KEYS = 14;

  /** What happened, to see that a run has met everything. */
  static final class Tally {
    long steps;
    long holds;
    long writes;
    long syncs;
    long operations;
    long cuts;
    long kills;
    long lost;
    long failedStarts;
    long checkpoints;
    long truncations;
    long answers;
    long torn;

    void add(Tally other) {
      steps += other.steps;
      holds += other.holds;
      writes += other.writes;
      syncs += other.syncs;
      operations += other.operations;
      cuts += other.cuts;
      kills += other.kills;
      lost += other.lost;
      failedStarts += other.failedStarts;
      checkpoints += other.checkpoints;
      truncations += other.truncations;
      answers += other.answers;
      torn += other.torn;
    }
  }

  final SplittableRandom random;
  final Plant plant;
  final Machine machine;
  final Tally tally = new Tally();
  private final History history = new History();
  private final List<SimLane> lanes = new ArrayList<>();
  private final Verdict verdict;
  private final boolean digests;

  /** Another directory, for refolds. */
  final Path elsewhere;

  /** Every n-th look-up of a lane finds its entry on disk only. */
  final int coldEvery;

  private long serial;

  Simulation(long seed, FsyncMode mode, Plant plant, Path directory) {
    random = new SplittableRandom(seed);
    this.plant = plant;
    elsewhere = directory.resolveSibling("elsewhere");
    machine = new Machine(directory, Machine.Setup.of(mode, random), new FaultFiles());
    digests = machine.setup.stagesPerRecord() < 1024;
    coldEvery = random.nextInt(10) == 0 ? 2 + random.nextInt(4) : 0;
    verdict = new Verdict(this, history);
    switch (plant) {
      case NAMES_NOT_FORCED -> machine.files.forgetNames();
      case CONTENTS_NOT_FORCED -> machine.files.forgetContents();
      case BATCH_NOT_FLUSHED -> machine.disk.forgetBatches();
      case BATCH_TORN -> machine.disk.tearBatches();
      default -> {
        // A fault of a lane, or none.
      }
    }
  }

  /** Lives several times; the last start is judged as well. */
  void run(int lives) throws IOException {
    for (int life = 0; life < lives; life++) {
      start();
      if (life == 0) {
        openAccounts();
      }
      live(20 + random.nextInt(250));
      end();
    }
    start();
    verdict.refold();
    machine.end(false, random);
  }

  /**
   * A life that ends by a kill: some checkpoints, copies of a depot, then records of which the disk
   * has the first half.
   */
  void runUntilKilled() throws IOException {
    begin();
    openAccounts();
    for (int round = 0; round < 3; round++) {
      turns(50);
      journal().syncStep();
      checkpoint();
      machine.host().depots().tidy();
    }
    turns(40);
    journal().syncStep();
    turns(40);
    verdict.ended(false, lanes.getFirst());
    machine.end(false, random);
  }

  private void turns(int steps) {
    for (int i = 0; i < steps; i++) {
      lanes.get(i / 12 % LANES).step(lockFree());
    }
    lanes.forEach(SimLane::stop);
    journal().write();
  }

  /** Starts although somebody has changed the disk, and judges what is found. */
  void startAnyway(long promised) throws IOException {
    verdict.forgive(promised);
    begin();
  }

  /** Goes on after a start: records, a checkpoint, a power cut and one more start. */
  void goOn() throws IOException {
    turns(30);
    checkpoint();
    verdict.ended(true, lanes.getFirst());
    machine.end(true, random);
    begin();
  }

  /**
   * The same life every time, until the {@code n}-th call of the disk; then the process dies, lives
   * for one checkpoint, the power fails, and it starts once more.
   *
   * @return false when the life ended before that call
   */
  boolean runDyingAt(int n) throws IOException {
    boolean up = false;
    machine.files.dieAt(n);
    try {
      begin();
      up = true;
      openAccounts();
      for (int round = 0; round < 3; round++) {
        turns(30);
        journal().syncStep();
        checkpoint();
        machine.host().depots().tidy();
      }
    } catch (IOException | StoreException e) {
      assertThat(machine.files.dead()).as("a step failed: %s", e).isTrue();
    }
    boolean died = machine.files.dead();
    lanes.forEach(SimLane::stop);
    if (up) {
      verdict.ended(false, lanes.getFirst());
    }
    machine.end(false, random);
    begin();
    checkpoint();
    verdict.ended(true, lanes.getFirst());
    machine.end(true, random);
    begin();
    machine.end(false, random);
    return died;
  }

  private void start() throws IOException {
    while (random.nextInt(3) == 0) {
      machine.files.dieAt(1 + random.nextInt(30));
      boolean started = false;
      try {
        machine.start();
        started = true;
      } catch (IOException | StoreException e) {
        assertThat(machine.files.dead()).as("a start failed: %s", e).isTrue();
        tally.failedStarts++;
      }
      boolean power = random.nextInt(3) > 0;
      machine.end(power, random);
      verdict.again(power, started);
    }
    machine.files.dieAt(-1);
    begin();
  }

  private void begin() throws IOException {
    machine.start();
    verdict.started();
    lanes.clear();
    for (int i = 0; i < LANES; i++) {
      lanes.add(new SimLane(this));
    }
    verdict.state(lanes.getFirst());
    verdict.depots();
  }

  private void openAccounts() {
    SimLane lane = lanes.getFirst();
    for (long account = 0; account < Bank.ACCOUNTS; account++) {
      if (!history.model.balances.containsKey(account)) {
        Execution x = lane.look();
        event(
            lane, x, "bank/opened", new Bank.Opened(account, Bank.START), new Model.Open(account));
        lane.looked();
      }
    }
  }

  private void live(int steps) throws IOException {
    if (random.nextInt(3) == 0) {
      machine.files.dieAt(1 + random.nextInt(120));
    }
    try {
      for (int i = 0; i < steps && !machine.files.dead(); i++) {
        step();
        tally.steps++;
        if (!machine.files.dead()) {
          verdict.invariants(lockFree() ? lanes.getFirst() : null, i % 16 == 0);
        }
      }
      lanes.forEach(SimLane::stop);
      if (!machine.files.dead() && random.nextInt(3) == 0) {
        dieInside();
      }
    } catch (IOException | StoreException e) {
      assertThat(machine.files.dead()).as("a step failed: %s", e).isTrue();
    }
    lanes.forEach(SimLane::stop);
  }

  /** The last thing of this life ends in its middle. */
  private void dieInside() throws IOException {
    machine.files.dieAt(1 + random.nextInt(20));
    if (random.nextInt(3) > 0) {
      checkpoint();
    } else {
      housekeep();
      machine.host().depots().tidy();
    }
  }

  private boolean lockFree() {
    return lanes.stream().noneMatch(SimLane::holding);
  }

  private void step() throws IOException {
    switch (random.nextInt(30)) {
      case 0, 1 -> {
        synced(() -> journal().syncStep());
        tally.syncs++;
      }
      case 2 -> machine.nanos += random.nextLong(SECOND * 2 / 3);
      case 3 -> machine.clockMs += random.nextLong(2_000);
      case 4 -> JournalSteps.mark(journal());
      case 5 -> {
        if (lockFree()) {
          checkpoint();
        }
      }
      case 6 -> {
        if (lockFree()) {
          housekeep();
        }
      }
      case 7 -> {
        // What is still needed is asked under the lock.
        if (lockFree()) {
          machine.host().depots().tidy();
        }
      }
      case 8, 9, 10 -> lanes.get(random.nextInt(LANES)).wake();
      default -> lanes.get(random.nextInt(LANES)).step(lockFree());
    }
  }

  private Journal journal() {
    return machine.host().node().journal();
  }

  /** Forces something while lanes may go on. */
  private void synced(Runnable force) {
    if (random.nextBoolean()) {
      machine.files.duringSync(() -> {
        machine.files.duringSync(null);
        meanwhile();
      });
    }
    force.run();
    machine.files.duringSync(null);
  }

  private void meanwhile() {
    machine.nanos += random.nextLong(SECOND);
    for (int i = random.nextInt(12); i > 0 && !machine.files.dead(); i--) {
      lanes.get(random.nextInt(LANES)).step(lockFree());
    }
    lanes.forEach(SimLane::stop);
  }

  private void checkpoint() throws IOException {
    int before = journal().segments();
    if (random.nextBoolean()) {
      machine.files.duringSync(() -> {
        machine.files.duringSync(null);
        meanwhile();
      });
    }
    if (random.nextBoolean()) {
      machine.disk.duringFlush(() -> {
        machine.disk.duringFlush(null);
        meanwhile();
      });
    }
    long position = machine.host().checkpoint();
    machine.files.duringSync(null);
    machine.disk.duringFlush(null);
    tally.checkpoints++;
    tally.truncations += Math.max(0, before - journal().segments());
    verdict.checkpointed(position);
  }

  private void housekeep() throws IOException {
    long start = journal().appended();
    try {
      machine.host().housekeep();
    } finally {
      if (journal().appended() > start) {
        history.add(new Model.Silent("drain"), start, journal().appended(), digest());
      }
    }
  }

  private @Nullable Long digest() {
    return digests && lockFree() ? machine.host().digest() : null;
  }

  private void end() throws IOException {
    boolean power = random.nextInt(3) > 0;
    verdict.ended(power, lanes.getFirst());
    machine.end(power, random);
    if (power) {
      tally.cuts++;
    } else {
      tally.kills++;
    }
  }

  // --- Called by lanes.

  /** Executes a random command, and leaves the reply with the lane. */
  void command(SimLane lane, Execution x) {
    String a = "k" + random.nextInt(KEYS);
    switch (random.nextInt(12)) {
      case 0, 1, 2 -> word(lane, "set " + a + " v" + serial++ + "x".repeat(length()), x);
      case 3 -> word(lane, "del " + a, x);
      case 4, 5 -> word(lane, "move c" + random.nextInt(4) + " c" + random.nextInt(4, 9) + " 7", x);
      case 6, 7 -> read(lane, a, x);
      case 8 -> wrong(lane, x);
      default -> move(lane, x);
    }
  }

  private int length() {
    return random.nextInt(15) == 0 ? random.nextInt(3_000) : random.nextInt(90);
  }

  private void word(SimLane lane, String body, Execution x) {
    machine.words.apply(body, x);
    if (plant == Plant.PUBLISH_AFTER_LETTING_GO && random.nextInt(4) == 0) {
      lane.publishLater(body);
      return;
    }
    append(lane, body, x);
  }

  /** Journals what was applied. */
  void append(SimLane lane, String body, Execution x) {
    long start = journal().appended();
    long end = machine.words.append(body, x);
    history.add(new Model.Word(body), start, end, null);
    tally.operations++;
    lane.reply(new SimLane.Reply(body, end, journal().appended()));
  }

  private void read(SimLane lane, String key, Execution x) {
    String value = machine.words.get(x, key);
    assertThat(value)
        .as("I4: what is read is the fold of what was published, key %s", key)
        .isEqualTo(history.model.words.get(key));
    long position = x.task(machine.words.task(key)).lastPosition();
    lane.reply(new SimLane.Reply("get " + key, position, history.changed(key)));
  }

  private void move(SimLane lane, Execution x) {
    long id = random.nextInt(8) == 0 ? random.nextLong(serial + 1) : serial++;
    List<Long> to = new ArrayList<>();
    SplittableRandom own = new SplittableRandom(id);
    for (int i = own.nextInt(4); i > 0; i--) {
      to.add(own.nextLong(Bank.ACCOUNTS));
    }
    var move = new Bank.Move(id, own.nextLong(Bank.ACCOUNTS), to, own.nextInt(20));
    String key = "m" + id;
    long start = journal().appended();
    Appended done = append(x, "bank/moves", move, key);
    assertThat(done.isDuplicate()).as("move %d", id).isEqualTo(history.model.seen.contains(key));
    if (!done.isDuplicate()) {
      var op = new Model.Transfer(move, key, done.partition(), done.offset());
      history.add(op, start, journal().appended(), null);
      tally.operations++;
    }
    lane.reply(new SimLane.Reply("move " + id, done.position(), done.position()));
  }

  /** A topology that writes where it is not: it must stop, and nothing may be misplaced. */
  private void wrong(SimLane lane, Execution x) {
    long other = random.nextLong(20);
    long key = serial++;
    if (machine.words.task(Long.toString(key)) == machine.words.task(Long.toString(other))) {
      return;
    }
    var done = event(lane, x, "bank/wrong", new Bank.Wrong(key, other), new Model.Silent("wrong"));
    if (machine.setup.stagesPerRecord() == 1024) {
      assertThat(done.stopped()).as("I6: a write on the wrong task stops").containsExactly("wrong");
    }
  }

  private Appended event(SimLane lane, Execution x, String depot, Object event, Model.Op op) {
    long start = journal().appended();
    Appended done = append(x, depot, event, null);
    history.add(op, start, journal().appended(), null);
    tally.operations++;
    lane.reply(new SimLane.Reply(op.toString(), done.position(), journal().appended()));
    return done;
  }

  private Appended append(Execution x, String depot, Object event, @Nullable String key) {
    DepotClient<Object> client = machine.modules().depot(depot);
    byte[] bytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
    return client.append(x, client.prepare(event, bytes));
  }

  /** An answer left. */
  void told(SimLane.Reply reply) {
    tally.answers++;
    verdict.told(reply);
  }

  /** All balances as the node has them, and what else money became. */
  TreeMap<Long, Long> balances(Execution x) {
    TreeMap<Long, Long> found = new TreeMap<>();
    for (long account = 0; account < Bank.ACCOUNTS; account++) {
      Object value = one(x, "bank/balances", io.millrace.engine.path.Path.key(account));
      if (value != null) {
        found.put(account, (Long) value);
      }
    }
    return found;
  }

  /** The one value of a path, or null. */
  @Nullable Object one(Execution x, String pstate, io.millrace.engine.path.Path path) {
    var found = machine.modules().pstate(pstate).prepare(path).read(x).values();
    return found.isEmpty() ? null : found.getFirst();
  }
}
