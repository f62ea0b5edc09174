package io.millrace.engine.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.internal.runtime.NodeLock;
import io.millrace.engine.internal.store.cold.StoreDamagedException;
import io.millrace.engine.internal.store.cold.StoreException;
import io.millrace.engine.internal.store.cut.Cut;
import io.millrace.engine.internal.store.cut.CutMeta;
import io.millrace.engine.internal.store.hot.ColdRead;
import io.millrace.engine.state.KeyHash;
import io.millrace.engine.state.NotResidentException;
import io.millrace.engine.state.Ref;
import io.millrace.engine.state.SpaceOrder;
import io.millrace.engine.table.Snapshot;
import io.millrace.engine.table.SnapshotTooOldException;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TieredStoreTest {
  private static final long SEED = 3;
  private static final byte[] NOTHING = new byte[0];

  @TempDir Path root;
  private final NodeLock lock = new NodeLock();
  private final Ref ref = new Ref();
  private TieredStore store;
  private int space;

  @BeforeEach
  void open() {
    store = TieredStore.open(config(64 << 20), lock);
    space = store.createSpace(1, SpaceOrder.HASH);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private StoreConfig config(long hotMemory) {
    return new StoreConfig(
        root.resolve("cold"), 1, SEED, hotMemory, 1 << 20, 1 << 20, hotMemory / 4);
  }

  private void reopen(long hotMemory) {
    store.close();
    store = TieredStore.open(config(hotMemory), lock);
    store.clearMutated();
  }

  private boolean put(String key, String value) {
    byte[] k = bytes(key);
    byte[] v = bytes(value);
    return store.task(0).put(space, k, 0, k.length, hash(k), 1, 0, v, 0, v.length, null);
  }

  private String get(String key) {
    byte[] k = bytes(key);
    while (true) {
      try {
        boolean found = store.task(0).find(space, k, 0, k.length, hash(k), ref);
        return found ? new String(ref.copyValue(), StandardCharsets.UTF_8) : null;
      } catch (NotResidentException missing) {
        store.read(List.of(missing), store.readBudget()).forEach(store::install);
      }
    }
  }

  private String get(Snapshot snapshot, String key) {
    byte[] k = bytes(key);
    return snapshot.task(0).find(space, k, 0, k.length, hash(k), ref)
        ? new String(ref.copyValue(), StandardCharsets.UTF_8)
        : null;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static long hash(byte[] key) {
    return KeyHash.hash(key, 0, key.length, SEED);
  }

  private void checkpoint(long position) {
    store.checkpoint(store.seal(position, 0, NOTHING));
  }

  @Test
  void nothingIsKnownBeforeTheFirstCheckpoint() {
    put("a", "1");
    reopen(64 << 20);
    assertThat(store.lastCut()).isNull();
  }

  @Test
  void reopenedStoreHasTheLastDurableCutAndLoadsOnDemand() {
    put("a", "1");
    checkpoint(10);
    put("a", "2");
    reopen(64 << 20);
    assertThat(store.lastCut().position()).isEqualTo(10);
    assertThat(store.task(0).count(space)).isEqualTo(1);
    assertThat(get("a")).isEqualTo("1");
  }

  @Test
  void aFailedCheckpointLosesNothingAndIsMadeUpForByTheNext() throws IOException {
    put("a", "1");
    checkpoint(10);
    put("a", "2");
    put("b", "2");
    Snapshot snapshot = store.snapshot(11, 0, 11);
    Cut cut = store.seal(20, 0, NOTHING);
    Files.move(root.resolve("cold"), root.resolve("away"));
    assertThatThrownBy(() -> store.checkpoint(cut)).isInstanceOf(StoreException.class);
    assertThat(store.dirtyBytes()).isPositive();
    assertThat(get("a")).isEqualTo("2");
    Files.move(root.resolve("away"), root.resolve("cold"));
    put("c", "3");
    checkpoint(30);
    assertThat(store.dirtyBytes()).isZero();
    assertThatThrownBy(() -> get(snapshot, "a")).isInstanceOf(SnapshotTooOldException.class);
    snapshot.close();
    reopen(64 << 20);
    assertThat(store.lastCut().position()).isEqualTo(30);
    assertThat(get("a") + get("b") + get("c")).isEqualTo("223");
  }

  @Test
  void anAbandonedCutIsPartOfTheNext() {
    put("a", "1");
    store.abandon(store.seal(10, 0, NOTHING));
    checkpoint(20);
    reopen(64 << 20);
    assertThat(get("a")).isEqualTo("1");
  }

  @Test
  void aReadThatWasOvertakenByAWriteIsVoid() {
    put("a", "1");
    checkpoint(10);
    reopen(64 << 20);
    byte[] key = bytes("a");
    List<ColdRead> read =
        store.read(List.of(new NotResidentException(0, space, key, hash(key))), store.readBudget());
    get("a");
    put("a", "2");
    read.forEach(store::install);
    assertThat(get("a")).isEqualTo("2");
  }

  @Test
  void aProbeNamesWhatIsMissingAndChangesNothing() {
    put("a", "1");
    checkpoint(10);
    reopen(64 << 20);
    byte[] key = bytes("a");
    NotResidentException missing = store.probe(() -> put("a", "2"));
    assertThat(missing).isNotNull();
    assertThat(missing.key()).isEqualTo(key);
    store.read(List.of(missing), store.readBudget()).forEach(store::install);
    long ids = store.task(0).nextId();
    assertThat(store.probe(() -> put("a", "2"))).isNull();
    assertThat(store.probe(() -> put("b", "2"))).isNull();
    assertThat(store.probe(() -> store.task(0).nextId())).isNull();
    assertThat(store.probe(() -> store.createSpace(1, SpaceOrder.HASH))).isNull();
    assertThat(store.probe(() -> store.dropSpace(space))).isNull();
    assertThat(store.mutated()).isFalse();
    assertThat(get("a")).isEqualTo("1");
    assertThat(store.task(0).count(space)).isOne();
    assertThat(store.task(0).nextId()).isEqualTo(ids + 1);
  }

  @Test
  void idsThatCodeSeesAreCountedApartFromPagesOnceTheyAreStarted() {
    assertThat(store.idsStarted()).isFalse();
    assertThat(store.task(0).newId()).isEqualTo(1);
    assertThat(store.task(0).nextId()).isEqualTo(2);
    store.startIds(0, store.peekNextId(0));
    assertThat(store.task(0).nextId()).isEqualTo(3);
    assertThat(store.task(0).newId()).isEqualTo(3);
    store.beginUndo();
    assertThat(store.task(0).newId()).isEqualTo(4);
    assertThat(store.task(0).nextId()).isEqualTo(4);
    assertThat(store.task(0).newId()).isEqualTo(5);
    store.rollback();
    assertThat(store.task(0).newId()).isEqualTo(4);
    checkpoint(10);
    reopen(64 << 20);
    assertThat(store.idsStarted()).isTrue();
    assertThat(store.task(0).newId()).isEqualTo(5);
    assertThat(store.task(0).nextId()).isEqualTo(4);
  }

  @Test
  void aCheckpointOfFormat1IsReadAsOneWhoseIdsAreNotCountedApart() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeByte(1);
    out.writeLong(77);
    out.writeLong(78);
    out.writeInt(1);
    out.writeInt(0);
    out.writeInt(0);
    out.writeInt(2);
    for (long number = 5; number < 9; number++) {
      out.writeLong(number);
    }
    out.writeInt(1);
    out.writeByte(9);
    CutMeta meta = CutMeta.decode(bytes.toByteArray());
    assertThat(meta.nextIds()).containsExactly(5, 7);
    assertThat(meta.newIds()).containsExactly(0, 0);
    assertThat(meta.lastPositions()).containsExactly(6, 8);
    assertThat(meta.runtimeMeta()).containsExactly(9);
    CutMeta again = CutMeta.decode(meta.encode());
    assertThat(again.newIds()).containsExactly(0, 0);
    assertThat(again.lastPositions()).containsExactly(6, 8);
  }

  @Test
  void readingThroughKeepsNothingInMemoryAndRefusesChanges() {
    for (int i = 0; i < 2_000; i++) {
      put("k" + i, "v".repeat(500) + i);
    }
    checkpoint(1);
    reopen(64 << 20);
    long before = store.usedBytes();
    long[] bytes = {0};
    store.readThrough(() -> {
      for (int i = 0; i < 2_000; i++) {
        byte[] k = bytes("k" + i);
        assertThat(store.task(0).find(space, k, 0, k.length, hash(k), ref)).isTrue();
        bytes[0] += ref.length;
      }
      byte[] absent = bytes("absent");
      assertThat(store.task(0).find(space, absent, 0, absent.length, hash(absent), ref)).isFalse();
      assertThatThrownBy(() -> put("k1", "changed"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("reading through");
    });
    assertThat(bytes[0]).isGreaterThan(1_000_000);
    assertThat(store.usedBytes()).isEqualTo(before);
    assertThat(get("k1")).startsWith("v");
    put("k1", "changed");
    assertThat(get("k1")).isEqualTo("changed");
  }

  @Test
  void entriesAreReadTogetherUntilTheyAreManyBytes() {
    String value = "x".repeat(10_000);
    for (int i = 0; i < 500; i++) {
      put("key:" + i, i + value);
    }
    checkpoint(10);
    reopen(16 << 20);
    List<NotResidentException> missing = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      byte[] key = bytes("key:" + i);
      missing.add(new NotResidentException(0, space, key, hash(key)));
    }
    List<ColdRead> read = store.read(missing, store.readBudget());
    assertThat(read).hasSizeBetween(100, 200);
    read.forEach(store::install);
    for (int i = 0; i < 500; i++) {
      assertThat(get("key:" + i)).isEqualTo(i + value);
    }
  }

  @Test
  void damageOnDiskIsAnErrorAndNotAMissingKeyAlsoWhenReadTogether() throws IOException {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < 2000; i++) {
      put("key:" + i, Long.toHexString(random.nextLong()) + random.nextLong());
    }
    checkpoint(1);
    store.close();
    damageTables(20_000);
    store = TieredStore.open(config(64 << 20), lock);
    store.clearMutated();
    List<NotResidentException> missing = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      byte[] key = bytes("key:" + i);
      missing.add(new NotResidentException(0, space, key, hash(key)));
    }
    assertThatThrownBy(() -> store.read(missing, store.readBudget()))
        .isInstanceOf(StoreDamagedException.class)
        .hasMessageContaining(".sst");
  }

  @Test
  void theOldestSnapshotFailsClearlyWhenItsVersionsOutgrowTheBudget() {
    reopenEmpty(1 << 20);
    String value = "x".repeat(1000);
    for (int i = 0; i < 500; i++) {
      put("key:" + i, value);
    }
    Snapshot snapshot = store.snapshot(1, 0, 1);
    for (int i = 0; i < 500; i++) {
      put("key:" + i, value + "y");
    }
    assertThatThrownBy(() -> get(snapshot, "key:0"))
        .isInstanceOf(SnapshotTooOldException.class)
        .hasMessageContaining("position=1");
    snapshot.close();
    assertThat(store.openViews()).isZero();
  }

  private void reopenEmpty(long hotMemory) {
    reopen(hotMemory);
    space = store.createSpace(1, SpaceOrder.HASH);
  }

  @Test
  void budgetIsKeptWhileFarMoreThanMemoryIsWritten() {
    long budget = 4 << 20;
    reopenEmpty(budget);
    long most = 0;
    for (int i = 0; i < 100_000; i++) {
      put("key:" + i, "value of some length ".repeat(1 + i % 7) + i);
      if (i % 100 == 0) {
        store.evictClean(10_000_000);
        if (store.wantsCheckpoint()) {
          checkpoint(i);
          store.reclaim(10_000_000);
          store.evictClean(10_000_000);
          most = Math.max(most, store.usedBytes());
        }
      }
    }
    assertThat(store.evictedEntries()).isGreaterThan(50_000);
    assertThat(most).isLessThan(budget + budget / 8);
    assertThat(store.task(0).count(space)).isEqualTo(100_000);
    store.clearMutated();
    for (int i = 0; i < 100_000; i += 997) {
      assertThat(get("key:" + i)).endsWith(Integer.toString(i));
    }
    assertThat(get("key:100000")).isNull();
  }

  @Test
  void snapshotsWithinAFewMillisecondsShareAViewUnlessANewerPositionIsNeeded() {
    put("a", "1");
    try (Snapshot first = store.snapshot(1, 0, 1);
        Snapshot second = store.snapshot(1, 0, 1)) {
      put("a", "2");
      try (Snapshot third = store.snapshot(2, 0, 2)) {
        assertThat(get(first, "a") + get(second, "a") + get(third, "a")).isEqualTo("112");
      }
    }
    assertThat(store.openViews()).isZero();
  }

  @Test
  void aDamagedFileIsNamed() throws IOException {
    for (int i = 0; i < 2000; i++) {
      put("key:" + i, "value".repeat(20));
    }
    checkpoint(1);
    store.close();
    damageTables(0);
    assertThatThrownBy(
            () -> {
              open();
              store.clearMutated();
              for (int i = 0; i < 2000; i++) {
                get("key:" + i);
              }
            })
        .isInstanceOf(StoreDamagedException.class)
        .hasMessageContaining(".sst");
    store = TieredStore.open(other(), lock);
  }

  private StoreConfig other() {
    return StoreConfig.of(root.resolve("other"), 1, SEED, 1 << 20);
  }

  /** Overwrites some bytes of the tables that are at least so long; data comes first in them. */
  private void damageTables(long atLeastBytes) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(root.resolve("cold"), "*.sst")) {
      for (Path file : files) {
        try (RandomAccessFile f = new RandomAccessFile(file.toFile(), "rw")) {
          if (f.length() < atLeastBytes) {
            continue;
          }
          byte[] middle = new byte[(int) Math.min(200, f.length() / 4)];
          Arrays.fill(middle, (byte) 0x55);
          f.seek(f.length() / 4);
          f.write(middle);
        }
      }
    }
  }

  @Test
  void anotherNumberOfTasksIsRefused() {
    put("a", "1");
    checkpoint(1);
    store.close();
    StoreConfig more =
        new StoreConfig(root.resolve("cold"), 2, SEED, 1 << 20, 1 << 20, 1 << 20, 1 << 20);
    assertThatThrownBy(() -> TieredStore.open(more, lock))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("directory=1 configured=2");
    store = TieredStore.open(other(), lock);
  }
}
