package io.millrace.engine.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Seeds;
import io.millrace.engine.state.KeyHash;
import io.millrace.engine.state.NotResidentException;
import io.millrace.engine.state.Ref;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random operations against TreeMap and ArrayList, all invariants checked after each. */
class PageTreePropertyTest {
  private static final int BASE = 5;
  private static final int PAGE_SPACE = 2;
  private static final long HASH_SEED = 42;

  private final long seed = Seeds.next();
  private final SplittableRandom random = new SplittableRandom(seed);
  private final HeapTaskState state = new HeapTaskState(0);
  private final Ref owner = new Ref();
  private final byte[] header = {1, 2, 3, 4, 5};

  @ParameterizedTest
  @CsvSource({
    "64, 0, 0, 600, 40",
    "64, 128, 6, 600, 8",
    "96, 60, 1000, 600, 200",
    "128, 128, 16, 3000, 1000",
    "256, 64, 4, 2500, 600",
    "4096, 512, 64, 2500, 2000"
  })
  void aKeyedTreeBehavesLikeATreeMap(int page, int inline, int count, int steps, int keySpace) {
    var shape = TreeShape.keyed(page, inline, count);
    PageTree tree = newTree(shape);
    var model = new TreeMap<byte[], byte[]>(Arrays::compareUnsigned);
    for (int step = 0; step < steps; step++) {
      boolean growing = step % 400 < 250;
      if (step % 60 == 0) {
        state.mostlyCold(random.nextBoolean());
      }
      retrying(keyedStep(tree, model, growing, keySpace, page));
      try {
        check(tree, shape, new ArrayList<>(model.keySet()), new ArrayList<>(model.values()));
        checkReads(tree, model, keySpace);
      } catch (AssertionError failed) {
        throw new AssertionError("seed=" + seed + " step=" + step, failed);
      }
    }
    tree.clear();
    assertThat(state.entries()).as("entries after clear, seed=%d", seed).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "64, 0, 0, 800",
    "64, 40, 4, 800",
    "128, 128, 16, 2500",
    "256, 64, 4, 2500",
    "2048, 512, 64, 2000"
  })
  void aPositionalTreeBehavesLikeAnArrayList(int page, int inline, int count, int steps) {
    var shape = TreeShape.positional(page, inline, count);
    PageTree tree = newTree(shape);
    var model = new ArrayList<byte[]>();
    for (int step = 0; step < steps; step++) {
      retrying(positionalStep(tree, model, step % 500 < 300, page));
      try {
        check(tree, shape, null, model);
        if (!model.isEmpty()) {
          int rank = random.nextInt(model.size());
          readRetrying(() -> tree.findAt(rank));
          assertThat(value(tree)).isEqualTo(model.get(rank));
          assertThat(tree.cursor().rank()).isEqualTo(rank);
        }
      } catch (AssertionError failed) {
        throw new AssertionError("seed=" + seed + " step=" + step, failed);
      }
    }
    while (tree.drop(3) > 0) {
      var checker = new TreeChecker(tree, shape);
      checker.check();
    }
    assertThat(tree.size()).isZero();
    assertThat(state.entries()).as("entries after drop, seed=%d", seed).isEqualTo(1);
  }

  private PageTree newTree(TreeShape shape) {
    long hash = KeyHash.hash(header, 0, 1, HASH_SEED);
    state.put(1, header, 0, 1, hash, 0, 0, header, 0, BASE, owner);
    var tree = new PageTree(shape);
    tree.bind(state, PAGE_SPACE, owner, BASE);
    return tree;
  }

  private Runnable keyedStep(
      PageTree tree, TreeMap<byte[], byte[]> model, boolean growing, int keySpace, int page) {
    byte[] key = key(random.nextInt(keySpace));
    int dice = random.nextInt(100);
    if (dice < (growing ? 60 : 25)) {
      byte[] value = value(page);
      return () ->
          assertThat(tree.put(key, 0, key.length, value, 0, value.length))
              .isEqualTo(model.put(key, value) == null);
    }
    if (dice < 62) {
      byte[] value = value(page);
      return () ->
          assertThat(tree.putIfAbsent(key, 0, key.length, value, 0, value.length))
              .isEqualTo(model.putIfAbsent(key, value) == null);
    }
    if (dice < 94) {
      return () -> assertThat(tree.remove(key, 0, key.length)).isEqualTo(model.remove(key) != null);
    }
    if (dice < 96 && !model.isEmpty()) {
      int from = random.nextInt(model.size());
      int to = Math.min(model.size(), from + random.nextInt(20));
      return () -> {
        tree.removeRange(from, to);
        new ArrayList<>(model.keySet()).subList(from, to).forEach(model::remove);
      };
    }
    if (dice < 98) {
      return () -> editInPlace(tree, model, key);
    }
    return () -> removeEverySecond(tree, model, key);
  }

  private static void editInPlace(PageTree tree, TreeMap<byte[], byte[]> model, byte[] key) {
    boolean found = tree.find(key, 0, key.length);
    assertThat(found).isEqualTo(model.containsKey(key));
    if (found && tree.valueLength() > 0) {
      tree.editValue();
      tree.array()[tree.valueOffset()] ^= 0x55;
      byte[] changed = model.get(key).clone();
      changed[0] ^= 0x55;
      model.put(key, changed);
    }
  }

  private static void removeEverySecond(PageTree tree, TreeMap<byte[], byte[]> model, byte[] key) {
    Cursor cursor = tree.newCursor();
    boolean on = cursor.seek(key, 0, key.length, true);
    for (int i = 0; on && i < 5; i++) {
      byte[] at =
          Arrays.copyOfRange(
              cursor.array(), cursor.keyOffset(), cursor.keyOffset() + cursor.keyLength());
      on = cursor.remove();
      assertThat(on).isEqualTo(model.higherKey(at) != null);
      model.remove(at);
      on = on && cursor.next();
    }
  }

  private Runnable positionalStep(PageTree tree, List<byte[]> model, boolean growing, int page) {
    int dice = random.nextInt(100);
    byte[] value = value(page);
    int size = model.size();
    if (size == 0 || dice < (growing ? 20 : 8)) {
      return () -> {
        tree.pushFirst(value, 0, value.length);
        model.add(0, value);
      };
    }
    if (dice < (growing ? 40 : 16)) {
      return () -> {
        tree.pushLast(value, 0, value.length);
        model.add(value);
      };
    }
    int rank = random.nextInt(size);
    if (dice < (growing ? 60 : 30)) {
      return () -> {
        tree.insertAt(rank, value, 0, value.length);
        model.add(rank, value);
      };
    }
    if (dice < 68) {
      return () -> {
        assertThat(tree.setAt(rank, value, 0, value.length)).isTrue();
        model.set(rank, value);
      };
    }
    if (dice < 78) {
      return () -> {
        assertThat(tree.popFirst()).isTrue();
        model.removeFirst();
      };
    }
    if (dice < 88) {
      return () -> {
        assertThat(tree.popLast()).isTrue();
        model.removeLast();
      };
    }
    if (dice < 98) {
      return () -> {
        assertThat(tree.removeAt(rank)).isTrue();
        model.remove(rank);
      };
    }
    int to = Math.min(size, rank + random.nextInt(30));
    return () -> {
      tree.removeRange(rank, to);
      model.subList(rank, to).clear();
    };
  }

  /** Runs a change, with faults now and then: a fault must come before the first change. */
  private void retrying(Runnable change) {
    state.seal();
    if (random.nextInt(4) == 0) {
      state.evictAll();
    }
    for (int tries = 0; ; tries++) {
      try {
        change.run();
        state.seal();
        return;
      } catch (NotResidentException missing) {
        assertThat(tries).as("faults of one change").isLessThan(1_000_000);
      }
    }
  }

  private static void readRetrying(Runnable read) {
    for (int tries = 0; ; tries++) {
      try {
        read.run();
        return;
      } catch (NotResidentException missing) {
        assertThat(tries).isLessThan(1_000_000);
      }
    }
  }

  private void check(
      PageTree tree, TreeShape shape, @Nullable List<byte[]> keys, List<byte[]> values) {
    readRetrying(() -> {
      var checker = new TreeChecker(tree, shape);
      checker.check();
      if (keys != null) {
        assertThat(checker.keys()).containsExactly(keys.toArray(byte[][]::new));
      }
      assertThat(checker.values()).containsExactly(values.toArray(byte[][]::new));
      assertThat(state.count(PAGE_SPACE)).as("page entries").isEqualTo(checker.pages());
    });
    assertThat(Arrays.copyOfRange(owner.array, owner.offset, owner.offset + BASE))
        .isEqualTo(header);
  }

  private void checkReads(PageTree tree, TreeMap<byte[], byte[]> model, int keySpace) {
    byte[] key = key(random.nextInt(keySpace));
    boolean inclusive = random.nextBoolean();
    assertThat(tree.find(key, 0, key.length)).isEqualTo(model.containsKey(key));
    assertThat(tree.rank(key, 0, key.length)).isEqualTo(model.headMap(key, false).size());
    Cursor cursor = tree.newCursor();
    Map.Entry<byte[], byte[]> up = inclusive ? model.ceilingEntry(key) : model.higherEntry(key);
    assertThat(cursor.seek(key, 0, key.length, inclusive)).isEqualTo(up != null);
    for (int i = 0; up != null && i < 3; i++) {
      assertThat(key(cursor)).isEqualTo(up.getKey());
      up = model.higherEntry(up.getKey());
      assertThat(cursor.next()).isEqualTo(up != null);
    }
    Map.Entry<byte[], byte[]> down = inclusive ? model.floorEntry(key) : model.lowerEntry(key);
    assertThat(cursor.seekFloor(key, 0, key.length, inclusive)).isEqualTo(down != null);
    for (int i = 0; down != null && i < 3; i++) {
      assertThat(key(cursor)).isEqualTo(down.getKey());
      down = model.lowerEntry(down.getKey());
      assertThat(cursor.previous()).isEqualTo(down != null);
    }
    byte[] other = key(random.nextInt(keySpace));
    if (Arrays.compareUnsigned(key, other) < 0) {
      assertThat(tree.countRange(key, inclusive, other, true))
          .isEqualTo(model.subMap(key, inclusive, other, true).size());
    }
  }

  private static byte[] key(Cursor cursor) {
    return Arrays.copyOfRange(
        cursor.array(), cursor.keyOffset(), cursor.keyOffset() + cursor.keyLength());
  }

  private static byte[] value(PageTree tree) {
    return Arrays.copyOfRange(
        tree.array(), tree.valueOffset(), tree.valueOffset() + tree.valueLength());
  }

  /** Keys of different lengths with common prefixes; a few larger than a page. */
  private static byte[] key(int number) {
    String text = Integer.toString(number, 3);
    if (number % 37 == 0) {
      text = "1".repeat(80 + number % 500) + text;
    }
    byte[] key = text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    if (number % 5 == 0) {
      key[0] = (byte) (200 + number % 50);
    }
    return key;
  }

  private byte[] value(int page) {
    int dice = random.nextInt(100);
    int length = dice < 50 ? 8 : dice < 95 ? random.nextInt(30) : random.nextInt(3 * page);
    byte[] value = new byte[length];
    random.nextBytes(value);
    return value;
  }
}
