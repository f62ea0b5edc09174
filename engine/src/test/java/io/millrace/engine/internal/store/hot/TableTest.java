package io.millrace.engine.internal.store.hot;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.internal.store.cold.Space;
import io.millrace.engine.state.KeyHash;
import io.millrace.engine.state.SpaceOrder;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableTest {
  private static final long SEED = 77;

  private final Slabs slabs = new Slabs();
  private final HashTable table = new HashTable(1, 0, new Space(0, 1, SpaceOrder.HASH), slabs);

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 3000, 200_000})
  void everyKeyIsFoundWhileTheTableGrowsAndShrinks(int keys) {
    int[] handles = new int[keys];
    for (int i = 0; i < keys; i++) {
      handles[i] = add(i);
      assertThat(find(i)).isEqualTo(handles[i]);
    }
    for (int i = 0; i < keys; i++) {
      assertThat(find(i)).as("key %d of %d", i, keys).isEqualTo(handles[i]);
    }
    assertThat(find(keys)).isZero();
    for (int i = 0; i < keys; i += 2) {
      table.remove(hash(i), handles[i]);
      slabs.free(handles[i]);
    }
    for (int i = 0; i < keys; i++) {
      assertThat(find(i)).as("key %d of %d", i, keys).isEqualTo(i % 2 == 0 ? 0 : handles[i]);
    }
  }

  @Test
  void slotsStandInHashOrder() {
    int keys = 100_000;
    for (int i = 0; i < keys; i++) {
      add(i);
    }
    long from = 0;
    long last = 0;
    int seen = 0;
    do {
      for (long slot : table.segment(from).slots) {
        if (slot != 0) {
          assertThat(Long.compareUnsigned(slot & TableSegment.TAG, last)).isNotNegative();
          last = slot & TableSegment.TAG;
          seen++;
        }
      }
      from = table.nextSegment(from);
    } while (from != 0);
    assertThat(seen).isEqualTo(keys);
  }

  @Test
  void sideBytesFollowTheTable() {
    SplittableRandom random = new SplittableRandom(SEED);
    int[] handles = new int[20_000];
    for (int i = 0; i < 200_000; i++) {
      int key = random.nextInt(handles.length);
      if (handles[key] == 0) {
        handles[key] = add(key);
      } else {
        table.remove(hash(key), handles[key]);
        slabs.free(handles[key]);
        handles[key] = 0;
      }
    }
    table.release();
    assertThat(slabs.sideBytes()).isZero();
  }

  private int add(int i) {
    byte[] key = key(i);
    int handle = slabs.allocate(Block.HEADER + key.length);
    byte[] a = slabs.array(handle);
    int b = slabs.offset(handle);
    Block.gen(a, b, 1);
    Block.meta(a, b, key.length);
    Block.valueLength(a, b, 0);
    System.arraycopy(key, 0, a, b + Block.HEADER, key.length);
    table.add(hash(i), handle);
    return handle;
  }

  private int find(int i) {
    byte[] key = key(i);
    return table.find(key, 0, key.length, hash(i));
  }

  private static long hash(int i) {
    byte[] key = key(i);
    return KeyHash.hash(key, 0, key.length, SEED);
  }

  private static byte[] key(int i) {
    return ("key:" + i).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  }
}
