package io.millrace.benchmarks.store;

import io.millrace.engine.internal.store.StoreConfig;
import io.millrace.engine.internal.store.TieredStore;
import io.millrace.engine.internal.store.hot.ExecutionLock;
import io.millrace.engine.state.KeyHash;
import io.millrace.engine.state.Ref;
import io.millrace.engine.state.SpaceOrder;
import io.millrace.engine.state.TaskState;
import io.millrace.engine.tree.Slots;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/** A store filled with keys of 16 bytes and values of 64. */
final class StoreState implements AutoCloseable {
  static final int KEY_LENGTH = 16;

  private static final long SEED = 42;
  private static final int TASKS = 64;
  private static final int VALUE_LENGTH = 64;

  final TieredStore store;
  final Ref ref = new Ref();
  private final Path directory;
  private final int space;
  private final byte[] key = "key:000000000000".getBytes(StandardCharsets.US_ASCII);
  private final byte[] value = new byte[VALUE_LENGTH];
  private final SplittableRandom random = new SplittableRandom(SEED);

  StoreState(int keys, long hotMemory) {
    try {
      directory = Files.createTempDirectory("millrace-store");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    store = TieredStore.open(StoreConfig.of(directory, TASKS, SEED, hotMemory), new NodeLock());
    space = store.createSpace(1, SpaceOrder.HASH);
    for (int i = 0; i < keys; i++) {
      put(i);
    }
  }

  private static final class NodeLock implements ExecutionLock {
    private final ReentrantLock lock = new ReentrantLock();

    @Override
    public void acquire() {
      lock.lock();
    }

    @Override
    public void release() {
      lock.unlock();
    }
  }

  int random(int bound) {
    return random.nextInt(bound);
  }

  /** Bytes of a key, valid until the next call. */
  byte[] key(int number) {
    int rest = number;
    for (int i = KEY_LENGTH - 1; i >= 4; i--) {
      key[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    return key;
  }

  private TaskState task(byte[] k) {
    return store.task(Slots.task(Slots.slot(k, 0, KEY_LENGTH), TASKS));
  }

  boolean put(int number) {
    byte[] k = key(number);
    long hash = KeyHash.hash(k, 0, KEY_LENGTH, SEED);
    return task(k).put(space, k, 0, KEY_LENGTH, hash, 0, 0, value, 0, VALUE_LENGTH, null);
  }

  boolean get(int number) {
    byte[] k = key(number);
    return task(k).find(space, k, 0, KEY_LENGTH, KeyHash.hash(k, 0, KEY_LENGTH, SEED), ref);
  }

  void checkpoint(long position) {
    store.checkpoint(store.seal(position, 0, new byte[0]));
  }

  @Override
  public void close() {
    store.close();
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(java.io.File::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
