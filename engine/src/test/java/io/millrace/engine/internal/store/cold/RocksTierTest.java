package io.millrace.engine.internal.store.cold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;

/** The cold tier on a disk that takes nothing more, and with values of all sizes. */
class RocksTierTest {
  @TempDir Path root;

  private Path directory;
  private RocksTier tier;

  @BeforeEach
  void open() {
    directory = root.resolve("cold");
    tier = RocksTier.open(directory, 1 << 20);
  }

  @AfterEach
  void close() {
    tier.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static ByteBuffer direct(byte[] bytes) {
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  private void write(int family, String key, byte[] value) throws RocksDBException {
    try (var batch = new RocksBatch(tier)) {
      batch.put(family, direct(bytes(key)), direct(value));
      batch.write();
    }
  }

  @Test
  void whereOptionsCannotBeStoredTablesOfEveryFamilyAreStillNoLongerMerged() throws Exception {
    var other = root.resolve("other");
    Files.createDirectory(other);
    try (var settings = new RocksSettings(1 << 20);
        var families = RocksFamilies.open(other, settings)) {
      families.add(1);
      families.add(2);
      families.mayMerge(true);
      // As on a full disk: no file can be made any more.
      var away = Files.move(other, root.resolve("away"));
      assertThatThrownBy(() -> families.mayMerge(false)).isInstanceOf(RocksDBException.class);
      Files.move(away, other);
      for (var handle : families.all()) {
        assertThat(families.db.getOptions(handle).disableAutoCompactions()).isTrue();
      }
    }
  }

  @Test
  void largeValuesCountAmongTheBytesThatAMergeMayWriteAgain() throws Exception {
    write(1, "large", new byte[4 << 20]);
    assertThat(tier.tableBytes()).isGreaterThan(4 << 20);
  }

  @Test
  void readsGoOnWhenItCannotBeOpenedAgainAndWritesComeBackWithTheDisk() throws Exception {
    write(1, "a", bytes("1"));
    // Half a checkpoint: what a failed write leaves.
    try (var batch = new RocksBatch(tier)) {
      batch.put(1, direct(bytes("a")), direct(new byte[2 << 20]));
    }
    assertThat(tier.broken()).isTrue();
    refuseToOpen();
    assertThatThrownBy(() -> tier.reopen(0)).isInstanceOf(StoreException.class);
    assertThat(tier.get(1, bytes("a"))).isEqualTo(bytes("1"));
    assertThatThrownBy(() -> tier.reopen(0)).isInstanceOf(StoreException.class);
    assertThat(tier.get(1, bytes("a"))).isEqualTo(bytes("1"));
    assertThat(tier.broken()).isTrue();
    Files.delete(directory.resolve("LOCK"));
    tier.reopen(0);
    write(1, "a", bytes("2"));
    assertThat(tier.get(1, bytes("a"))).isEqualTo(bytes("2"));
  }

  /** A directory in the place of the lock file: opening for writing fails, as without space. */
  private void refuseToOpen() throws IOException {
    Files.delete(directory.resolve("LOCK"));
    Files.createDirectory(directory.resolve("LOCK"));
  }

  @Test
  void manyDeletionsDoNotWaitInMemoryForTheEndOfACheckpoint() throws Exception {
    write(1, "a", bytes("1"));
    try (var batch = new RocksBatch(tier)) {
      for (var i = 0; i < 2_000; i++) {
        batch.delete(1, direct(new byte[1 << 10]));
      }
      assertThat(tier.broken()).as("a part is in the memtables").isTrue();
      batch.write();
    }
    assertThat(tier.get(1, bytes("a"))).isEqualTo(bytes("1"));
  }
}
