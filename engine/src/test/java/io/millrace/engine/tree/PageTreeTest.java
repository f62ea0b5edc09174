package io.millrace.engine.tree;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.state.KeyHash;
import io.millrace.engine.state.ReadView;
import io.millrace.engine.state.Ref;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PageTreeTest {
  private static final byte[] NAME = {7};
  private static final int PAGE_SPACE = 2;

  private final HeapTaskState state = new HeapTaskState(0);

  private PageTree tree(TreeShape shape, HeapTaskState in, Ref owner) {
    long hash = KeyHash.hash(NAME, 0, 1, 0);
    in.put(1, NAME, 0, 1, hash, 0, 0, NAME, 0, 0, owner);
    var tree = new PageTree(shape);
    tree.bind(in, PAGE_SPACE, owner, 0);
    return tree;
  }

  private static void fill(PageTree tree, int from, int to) {
    for (int i = from; i < to; i++) {
      byte[] key = key(i);
      tree.put(key, 0, key.length, key, 0, 3);
    }
  }

  private static byte[] key(int i) {
    return String.format("%06d", i).getBytes(UTF_8);
  }

  @Test
  void ascendingInsertionsFillPages() {
    var owner = new Ref();
    PageTree tree = tree(TreeShape.keyed(1024, 128, 8), state, owner);
    fill(tree, 0, 10_000);
    int perPage = (1024 - LeafPage.HEADER) / (LeafPage.SLOT + 1 + 6 + 3);
    int leaves = Math.ceilDiv(10_000, perPage);
    assertThat(tree.pages()).isLessThan(leaves + leaves / 10);
    assertThat(tree.size()).isEqualTo(10_000);
  }

  @Test
  void whereMostPagesAreOnDiskRandomInsertionsKeepThemSmall() {
    state.mostlyCold(true);
    PageTree random = tree(TreeShape.keyed(4096, 128, 8), state, new Ref());
    for (int i = 0; i < 20_000; i++) {
      byte[] key = key((int) (i * 7_368_787L % 1_000_000));
      random.put(key, 0, key.length, key, 0, 3);
    }
    int perPage = (1024 - LeafPage.HEADER) / (LeafPage.SLOT + 1 + 6 + 3);
    assertThat(random.pages()).isGreaterThan(20_000 / perPage);

    var other = new HeapTaskState(0);
    other.mostlyCold(true);
    PageTree ascending = tree(TreeShape.keyed(4096, 128, 8), other, new Ref());
    fill(ascending, 0, 20_000);
    assertThat(ascending.pages()).isLessThan(20_000 / perPage / 3);
  }

  @Test
  void descendingPushesFillPages() {
    var owner = new Ref();
    PageTree tree = tree(TreeShape.positional(1024, 128, 8), state, owner);
    for (int i = 0; i < 10_000; i++) {
      tree.pushFirst(key(i), 0, 6);
    }
    int leaves = Math.ceilDiv(10_000, (1024 - LeafPage.HEADER) / (LeafPage.SLOT + 6));
    assertThat(tree.pages()).isLessThan(leaves + leaves / 10);
    assertThat(tree.findAt(0)).isTrue();
    assertThat(text(tree)).isEqualTo("009999");
    assertThat(tree.findAt(9_999)).isTrue();
    assertThat(text(tree)).isEqualTo("000000");
  }

  @Test
  void aQueueUsesTheSamePageNumbersAgain() {
    var owner = new Ref();
    PageTree tree = tree(TreeShape.positional(64, 0, 0), state, owner);
    for (int i = 0; i < 50_000; i++) {
      tree.pushLast(key(i), 0, 6);
      if (i >= 100) {
        tree.popFirst();
      }
    }
    assertThat(tree.size()).isEqualTo(100);
    assertThat(TreeHead.allocate(owner.array, owner.offset)).isLessThan(100);
  }

  @Test
  void aCopyHasItsOwnPages() {
    var owner = new Ref();
    var shape = TreeShape.keyed(128, 64, 4);
    PageTree tree = tree(shape, state, owner);
    fill(tree, 0, 500);
    var other = new HeapTaskState(1);
    var copyOwner = new Ref();
    PageTree copy = tree(shape, other, copyOwner);
    tree.copyTo(copy);
    var checker = new TreeChecker(copy, shape);
    checker.check();
    assertThat(checker.keys()).hasSize(500);
    copy.clear();
    assertThat(other.entries()).isEqualTo(1);
    assertThat(tree.size()).isEqualTo(500);
  }

  @Test
  void leavesAreVisitedInOrder() {
    var owner = new Ref();
    PageTree tree = tree(TreeShape.keyed(256, 64, 4), state, owner);
    fill(tree, 0, 1_000);
    List<String> keys = new ArrayList<>();
    tree.visitLeaves(leaf -> {
      for (int i = 0; i < leaf.count(); i++) {
        leaf.at(i);
        keys.add(new String(leaf.array, leaf.keyOffset, leaf.keyLength, UTF_8));
      }
      return true;
    });
    assertThat(keys).hasSize(1_000).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void promotionAndDemotionKeepTheElements() {
    var owner = new Ref();
    PageTree tree = tree(TreeShape.keyed(256, 200, 10), state, owner);
    fill(tree, 0, 10);
    assertThat(tree.isInline()).isTrue();
    fill(tree, 10, 11);
    assertThat(tree.isInline()).isFalse();
    for (int i = 10; i >= 5; i--) {
      assertThat(tree.isInline()).isFalse();
      assertThat(tree.remove(key(i), 0, 6)).isTrue();
    }
    assertThat(tree.isInline()).isTrue();
    assertThat(tree.size()).isEqualTo(5);
    assertThat(state.entries()).isEqualTo(1);
  }

  @Test
  void aTreeOverAReadViewCannotBeChanged() {
    var owner = new Ref();
    PageTree tree = tree(TreeShape.keyed(256, 200, 10), state, owner);
    fill(tree, 0, 100);
    ReadView view =
        new ReadView() {
          @Override
          public int taskId() {
            return 0;
          }

          @Override
          public long hashSeed() {
            return state.hashSeed();
          }

          @Override
          public boolean find(int space, byte[] key, int offset, int length, long hash, Ref out) {
            return state.find(space, key, offset, length, hash, out);
          }

          @Override
          public long count(int space) {
            return state.count(space);
          }
        };
    tree.bind(view, PAGE_SPACE, owner, 0);
    assertThat(tree.find(key(50), 0, 6)).isTrue();
    assertThatThrownBy(() -> tree.remove(key(50), 0, 6))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("live state");
  }

  private static String text(PageTree tree) {
    return new String(tree.array(), tree.valueOffset(), tree.valueLength(), UTF_8);
  }
}
