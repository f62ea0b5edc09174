package io.millrace.engine.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.internal.runtime.NodeLock;
import io.millrace.engine.internal.store.cut.Cut;
import io.millrace.engine.internal.store.cut.CutInfo;
import io.millrace.engine.state.KeyHash;
import io.millrace.engine.state.NotResidentException;
import io.millrace.engine.state.Ref;
import io.millrace.engine.state.SpaceOrder;
import io.millrace.engine.state.TaskSnapshot;
import io.millrace.engine.state.TaskState;
import io.millrace.engine.table.Snapshot;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Drives a store and a plain map side by side with random operations. */
final class StoreModel {
  static final long SEED = 0x5EEDL;

  /** One entry of the oracle. */
  record Entry(int kind, long expireAt, byte[] value) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Entry e
          && kind == e.kind
          && expireAt == e.expireAt
          && Arrays.equals(value, e.value);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(value);
    }

    @Override
    public String toString() {
      return "kind=" + kind + " expireAt=" + expireAt + " length=" + value.length;
    }
  }

  /** Where an entry is. */
  record Address(int task, int space, String key) {}

  /** All state the store promises to keep. */
  record State(Map<Address, Entry> entries, List<Integer> spaces, long[] nextIds, long position) {
    State copy() {
      return new State(new HashMap<>(entries), new ArrayList<>(spaces), nextIds.clone(), position);
    }
  }

  /** A snapshot and what it must show. */
  record Taken(Snapshot snapshot, State state) {}

  final SplittableRandom random;
  final StoreConfig config;
  final NodeLock lock = new NodeLock();
  final int keys;
  final List<Taken> snapshots = new ArrayList<>();
  TieredStore store;
  State state;
  State durable;
  long steps;
  long evicted;

  StoreModel(Path directory, long seed, int tasks, int keys, long hotMemory) {
    this.random = new SplittableRandom(seed);
    this.keys = keys;
    this.config =
        new StoreConfig(directory, tasks, SEED, hotMemory, 1 << 20, 1 << 20, Long.MAX_VALUE);
    this.store = TieredStore.open(config, lock);
    this.state = new State(new HashMap<>(), new ArrayList<>(), new long[tasks], 0);
    Arrays.fill(state.nextIds, 1);
    this.durable = state.copy();
  }

  static byte[] bytes(String key) {
    return key.getBytes(StandardCharsets.UTF_8);
  }

  static long hash(byte[] key) {
    return KeyHash.hash(key, 0, key.length, SEED);
  }

  /** One random change, under the lock. */
  void change() {
    steps++;
    store.clearMutated();
    if (state.spaces.isEmpty() || random.nextInt(400) == 0) {
      createSpace();
      return;
    }
    int dice = random.nextInt(100);
    if (dice < 2 && state.spaces.size() > 3) {
      dropSpace();
    } else if (dice < 8) {
      undone();
    } else if (dice < 10) {
      int task = random.nextInt(config.tasks());
      assertThat(store.task(task).nextId()).isEqualTo(state.nextIds[task]++);
    } else {
      entry();
    }
    state = new State(state.entries, state.spaces, state.nextIds, state.position + 1);
  }

  private void createSpace() {
    int family = 1 + random.nextInt(3);
    SpaceOrder order = random.nextInt(4) == 0 ? SpaceOrder.KEY : SpaceOrder.HASH;
    state.spaces.add(store.createSpace(family, order));
  }

  private void dropSpace() {
    int space = state.spaces.remove(random.nextInt(state.spaces.size()));
    store.dropSpace(space);
    state.entries.keySet().removeIf(address -> address.space == space);
  }

  private void undone() {
    State before = state.copy();
    store.beginUndo();
    for (int i = random.nextInt(20); i >= 0; i--) {
      int dice = random.nextInt(30);
      if (dice == 0) {
        createSpace();
      } else if (dice == 1 && state.spaces.size() > 3) {
        dropSpace();
      } else if (dice == 2) {
        int task = random.nextInt(config.tasks());
        assertThat(store.task(task).nextId()).isEqualTo(state.nextIds[task]++);
      } else {
        entry();
      }
    }
    if (random.nextBoolean()) {
      store.rollback();
      assertThat(store.mutated()).isFalse();
      state = before;
    } else {
      store.commitUndo();
    }
  }

  private Address address() {
    return new Address(
        random.nextInt(config.tasks()),
        state.spaces.get(random.nextInt(state.spaces.size())),
        "key:" + Math.min(random.nextInt(keys), random.nextInt(keys)));
  }

  private void entry() {
    Address at = address();
    byte[] key = bytes(at.key);
    TaskState task = store.task(at.task);
    Ref ref = new Ref();
    boolean found = find(at, ref);
    Entry expected = state.entries.get(at);
    assertThat(found).as("find %s", at).isEqualTo(expected != null);
    if (expected != null) {
      assertThat(entry(ref)).as("find %s", at).isEqualTo(expected);
      assertThat(ref.copyKey()).isEqualTo(key);
    }
    int dice = random.nextInt(10);
    if (!found || dice < 3) {
      byte[] value = value();
      int kind = random.nextInt(64);
      long expireAt = random.nextInt(4) == 0 ? random.nextLong() | 1 : 0;
      boolean isNew =
          task.put(
              at.space, key, 0, key.length, hash(key), kind, expireAt, value, 0, value.length, ref);
      assertThat(isNew).isEqualTo(!found);
      state.entries.put(at, new Entry(kind, expireAt, value));
      assertThat(entry(ref)).isEqualTo(state.entries.get(at));
      return;
    }
    Entry old = state.entries.get(at);
    switch (dice) {
      case 3, 4 -> {
        task.remove(ref);
        state.entries.remove(at);
        return;
      }
      case 5 -> {
        task.edit(ref);
        byte[] value = old.value.clone();
        if (value.length > 0) {
          int i = random.nextInt(value.length);
          value[i]++;
          ref.array[ref.offset + i]++;
        }
        state.entries.put(at, new Entry(old.kind, old.expireAt, value));
      }
      case 6 -> {
        byte[] value = Arrays.copyOf(old.value, value().length);
        task.resize(ref, value.length);
        for (int i = old.value.length; i < value.length; i++) {
          ref.array[ref.offset + i] = 0;
        }
        state.entries.put(at, new Entry(old.kind, old.expireAt, value));
      }
      case 7 -> splice(task, ref, at, old);
      case 8 -> {
        long expireAt = random.nextBoolean() ? 0 : random.nextLong();
        task.expireAt(ref, expireAt);
        task.kind(ref, old.kind ^ 1);
        state.entries.put(at, new Entry(old.kind ^ 1, expireAt, old.value));
      }
      default -> {
        int from = random.nextInt(old.value.length + 1);
        int length = old.value.length - from;
        long expireAt = random.nextBoolean() ? old.expireAt : random.nextLong();
        task.replace(ref, old.kind, expireAt, ref.array, ref.offset + from, length);
        byte[] value = Arrays.copyOfRange(old.value, from, from + length);
        state.entries.put(at, new Entry(old.kind, expireAt, value));
      }
    }
    assertThat(entry(ref)).isEqualTo(state.entries.get(at));
  }

  private void splice(TaskState task, Ref ref, Address at, Entry old) {
    int index = random.nextInt(old.value.length + 1);
    byte[] value;
    if (random.nextBoolean()) {
      int delta = random.nextInt(100);
      task.splice(ref, index, delta);
      value = new byte[old.value.length + delta];
      System.arraycopy(old.value, 0, value, 0, index);
      System.arraycopy(old.value, index, value, index + delta, old.value.length - index);
      Arrays.fill(ref.array, ref.offset + index, ref.offset + index + delta, (byte) 0);
    } else {
      int delta = random.nextInt(old.value.length - index + 1);
      task.splice(ref, index, -delta);
      value = new byte[old.value.length - delta];
      System.arraycopy(old.value, 0, value, 0, index);
      System.arraycopy(old.value, index + delta, value, index, old.value.length - index - delta);
    }
    state.entries.put(at, new Entry(old.kind, old.expireAt, value));
  }

  private byte[] value() {
    int length =
        switch (random.nextInt(20)) {
          case 0 -> random.nextInt(20_000);
          case 1, 2, 3 -> random.nextInt(1000);
          case 4 -> random.nextInt(500) == 0 ? 300_000 : 0;
          default -> random.nextInt(100);
        };
    byte[] value = new byte[length];
    random.nextBytes(value);
    return value;
  }

  /** Finds an entry as the runtime does: a missing one is loaded and the lookup repeated. */
  boolean find(Address at, Ref ref) {
    byte[] key = bytes(at.key);
    while (true) {
      try {
        return store.task(at.task).find(at.space, key, 0, key.length, hash(key), ref);
      } catch (NotResidentException missing) {
        assertThat(store.mutated()).isFalse();
        store.read(List.of(missing), store.readBudget()).forEach(store::install);
      }
    }
  }

  static Entry entry(Ref ref) {
    return new Entry(ref.kind, ref.expireAtMs, ref.copyValue());
  }

  /** Makes a checkpoint with changes between its bursts, as live traffic does. */
  void checkpoint() {
    State sealed = state.copy();
    Cut cut = store.seal(state.position, 77, new byte[] {1, 2, 3});
    for (int i = random.nextInt(50); i > 0; i--) {
      change();
    }
    store.checkpoint(cut);
    durable = sealed;
  }

  /** Opens a snapshot and keeps what it must show. */
  void openSnapshot() {
    snapshots.add(take());
  }

  Taken take() {
    return new Taken(store.snapshot(state.position, 99, state.position), state.copy());
  }

  /** Compares a random snapshot with the oracle of its time, then maybe closes it. */
  void checkSnapshot() {
    if (snapshots.isEmpty()) {
      return;
    }
    Taken taken = snapshots.get(random.nextInt(snapshots.size()));
    compare(taken);
    if (random.nextBoolean()) {
      taken.snapshot.close();
      snapshots.remove(taken);
    }
  }

  void compare(Taken taken) {
    assertThat(taken.snapshot.position()).isEqualTo(taken.state.position);
    Map<Integer, TaskSnapshot> views = new HashMap<>();
    for (int task = 0; task < config.tasks(); task++) {
      views.put(task, taken.snapshot.task(task));
    }
    Ref ref = new Ref();
    for (int space : taken.state.spaces) {
      for (int task = 0; task < config.tasks(); task++) {
        for (int i = 0; i < keys; i++) {
          Address at = new Address(task, space, "key:" + i);
          byte[] key = bytes(at.key);
          boolean found = views.get(task).find(space, key, 0, key.length, hash(key), ref);
          Entry expected = taken.state.entries.get(at);
          assertThat(found).as("snapshot find %s", at).isEqualTo(expected != null);
          if (expected != null) {
            assertThat(entry(ref)).as("snapshot find %s", at).isEqualTo(expected);
          }
        }
        scanSnapshot(taken, views.get(task), space);
      }
    }
  }

  private void scanSnapshot(Taken taken, TaskSnapshot view, int space) {
    Map<Address, Entry> expected = new HashMap<>();
    taken.state.entries.forEach((at, entry) -> {
      if (at.task == view.taskId() && at.space == space) {
        expected.put(at, entry);
      }
    });
    Map<Address, Entry> seen = new HashMap<>();
    List<byte[]> order = new ArrayList<>();
    long[] last = {0};
    boolean[] byHash = {true};
    view.scan(
        space,
        0,
        -1,
        ref -> {
          byHash[0] &= Long.compareUnsigned(ref.hash, last[0]) >= 0;
          last[0] = ref.hash;
          order.add(ref.copyKey());
          Address at =
              new Address(view.taskId(), space, new String(ref.copyKey(), StandardCharsets.UTF_8));
          assertThat(seen.put(at, entry(ref))).isNull();
          return true;
        });
    assertThat(seen).as("snapshot scan").isEqualTo(expected);
    boolean byKey = true;
    for (int i = 1; i < order.size(); i++) {
      byKey &= Arrays.compareUnsigned(order.get(i - 1), order.get(i)) < 0;
    }
    assertThat(byHash[0] || byKey).as("scan order").isTrue();
    assertThat(view.count(space)).isEqualTo(expected.size());
  }

  void closeSnapshots() {
    snapshots.forEach(taken -> taken.snapshot.close());
    snapshots.clear();
  }

  /** A crash: whatever no checkpoint holds is gone. */
  void crash() {
    closeSnapshots();
    evicted += store.evictedEntries();
    store.close();
    store = TieredStore.open(config, lock);
    if (random.nextBoolean()) {
      store.rebuild().run();
    }
    state = durable.copy();
    CutInfo cut = store.lastCut();
    if (cut != null) {
      assertThat(cut.position()).isEqualTo(state.position);
      assertThat(cut.runtimeMeta()).containsExactly(1, 2, 3);
    } else {
      assertThat(state.entries).isEmpty();
    }
  }

  /** Compares everything. */
  void verify() {
    store.clearMutated();
    Map<Address, Long> counts = new HashMap<>();
    Ref ref = new Ref();
    for (Map.Entry<Address, Entry> e : state.entries.entrySet()) {
      assertThat(find(e.getKey(), ref)).as("%s", e.getKey()).isTrue();
      assertThat(entry(ref)).as("%s", e.getKey()).isEqualTo(e.getValue());
      counts.merge(new Address(e.getKey().task, e.getKey().space, ""), 1L, Long::sum);
    }
    for (int space : state.spaces) {
      for (int task = 0; task < config.tasks(); task++) {
        assertThat(store.task(task).count(space))
            .isEqualTo(counts.getOrDefault(new Address(task, space, ""), 0L));
      }
    }
  }

  /** Scans a random hash window of each space ordered by hash and compares with the oracle. */
  void verifyScan() {
    for (int space : state.spaces) {
      if (store.registry().space(space).order != SpaceOrder.HASH) {
        continue;
      }
      int task = random.nextInt(config.tasks());
      long from = random.nextBoolean() ? 0 : random.nextLong();
      long to = random.nextBoolean() ? -1 : random.nextLong();
      if (Long.compareUnsigned(from, to) > 0) {
        continue;
      }
      Map<Address, Entry> seen = new HashMap<>();
      long[] last = {from};
      store
          .task(task)
          .scan(
              space,
              from,
              to,
              ref -> {
                assertThat(Long.compareUnsigned(ref.hash, last[0])).isNotNegative();
                last[0] = ref.hash;
                String key = new String(ref.copyKey(), StandardCharsets.UTF_8);
                assertThat(seen.put(new Address(task, space, key), entry(ref))).isNull();
                return true;
              });
      Map<Address, Entry> expected = new HashMap<>();
      state.entries.forEach((at, entry) -> {
        long hash = hash(bytes(at.key));
        if (at.task == task
            && at.space == space
            && Long.compareUnsigned(hash, from) >= 0
            && Long.compareUnsigned(hash, to) <= 0) {
          expected.put(at, entry);
        }
      });
      assertThat(seen).isEqualTo(expected);
    }
  }
}
