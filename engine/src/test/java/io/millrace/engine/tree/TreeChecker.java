package io.millrace.engine.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.state.Ref;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Walks all pages of a tree and checks what must hold between them. */
final class TreeChecker {
  private final PageTree tree;
  private final TreeShape shape;
  private final List<byte[]> keys = new ArrayList<>();
  private final List<byte[]> values = new ArrayList<>();
  private int pages;

  TreeChecker(PageTree tree, TreeShape shape) {
    this.tree = tree;
    this.shape = shape;
  }

  /** Checks the tree; afterwards {@link #keys} and {@link #values} are its content. */
  void check() {
    Ref owner = tree.owner();
    if (tree.isInline()) {
      readLeaf(owner, tree.base(), null, null);
      assertThat(owner.length - tree.base()).isLessThanOrEqualTo(shape.inlineBytes());
      assertThat(keys.size()).isLessThanOrEqualTo(shape.inlineCount());
    } else {
      var root = new Ref();
      tree.load(tree.root(), root);
      walk(root, tree.height(), null, null);
    }
    assertThat((long) keys.size()).as("count in the descriptor").isEqualTo(tree.size());
    assertThat(pages).as("pages in the descriptor").isEqualTo(tree.pages());
  }

  List<byte[]> keys() {
    return keys;
  }

  List<byte[]> values() {
    return values;
  }

  int pages() {
    return pages;
  }

  private long walk(Ref page, int height, byte @Nullable [] low, byte @Nullable [] high) {
    pages++;
    if (height == 1) {
      assertThat(page.array[page.offset]).isEqualTo(LeafPage.TYPE);
      int n = readLeaf(page, 0, low, high);
      assertThat(n).as("elements of a leaf").isPositive();
      int most = Math.max(shape.pageBytes(), shape.inlineBytes());
      assertThat(page.length <= most || n == 1).as("leaf size").isTrue();
      return n;
    }
    assertThat(page.array[page.offset]).isEqualTo(InnerPage.TYPE);
    int n = InnerPage.count(page);
    assertThat(n).as("children").isPositive();
    int separators = InnerPage.separatorStart(page, n);
    assertThat(page.length)
        .as("length of an inner page")
        .isEqualTo(InnerPage.HEADER + InnerPage.RECORD * n + separators);
    assertThat(InnerPage.separatorLength(page, 0)).isZero();
    long total = 0;
    for (int i = 0; i < n; i++) {
      byte[] from = i == 0 ? low : separator(page, i);
      byte[] to = i + 1 < n ? separator(page, i + 1) : high;
      var child = new Ref();
      tree.load(InnerPage.child(page, i), child);
      long below = walk(child, height - 1, from, to);
      assertThat(InnerPage.below(page, i)).as("subtree count").isEqualTo(below);
      total += below;
    }
    return total;
  }

  private static byte[] separator(Ref page, int i) {
    int offset = InnerPage.separatorOffset(page, i);
    return Arrays.copyOfRange(page.array, offset, offset + InnerPage.separatorLength(page, i));
  }

  private int readLeaf(Ref page, int base, byte @Nullable [] low, byte @Nullable [] high) {
    var leaf = new LeafPage();
    leaf.wrap(page.array, page.offset + base, page.length - base, shape.keyed());
    for (int i = 0; i < leaf.count(); i++) {
      leaf.at(i);
      byte[] key = copy(leaf.array, leaf.keyOffset, leaf.keyLength);
      if (shape.keyed()) {
        if (!keys.isEmpty()) {
          assertThat(Arrays.compareUnsigned(keys.getLast(), key)).as("key order").isNegative();
        }
        assertThat(low == null || Arrays.compareUnsigned(low, key) <= 0).as("low").isTrue();
        assertThat(high == null || Arrays.compareUnsigned(key, high) < 0).as("high").isTrue();
      }
      keys.add(key);
      values.add(copy(leaf.array, leaf.valueOffset, leaf.valueLength));
    }
    return leaf.count();
  }

  private static byte[] copy(byte[] bytes, int offset, int length) {
    return Arrays.copyOfRange(bytes, offset, offset + length);
  }
}
