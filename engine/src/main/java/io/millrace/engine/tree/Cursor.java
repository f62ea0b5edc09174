package io.millrace.engine.tree;

import io.millrace.engine.state.HotPath;
import io.millrace.engine.state.Ref;

/**
 * A place in a {@link PageTree}: on an element, or nowhere. Moves in both directions over the path
 * of pages above it, so that leaves need no links. Reused: each seek starts anew.
 *
 * <p>A change of the tree through anything but this cursor makes it invalid, as does {@link
 * PageTree#bind}; seek again. Key and value are views into the store that hold until the next
 * change of the tree or the end of the execution.
 */
@HotPath(benchmark = "PageTreeBenchmark")
public final class Cursor {
  private static final int FIRST_DEPTH = 4;

  final PageTree tree;
  final LeafPage leaf = new LeafPage();

  /** Number of page levels on the path; 0 while the tree is inline. */
  int height;

  /** Pages from the root to the leaf. */
  Ref[] pages = new Ref[0];

  /** Chosen child per inner page. */
  int[] index = new int[FIRST_DEPTH];

  /** Element in the leaf; may be its count between a locate and an insertion. */
  int at;

  private boolean valid;
  private boolean reusing;

  Cursor(PageTree tree) {
    this.tree = tree;
  }

  /**
   * At a cut, copies each page where the page before it was: keys and values of an element hold
   * only until the cursor leaves its page. To be called before the cursor is placed.
   */
  public Cursor reusingPages() {
    reusing = true;
    return this;
  }

  /** True while the cursor is on an element. */
  public boolean valid() {
    return valid;
  }

  /** Array that holds the current key and value. */
  public byte[] array() {
    return leaf.array;
  }

  /** Start of the current key. */
  public int keyOffset() {
    return leaf.keyOffset;
  }

  /** Length of the current key. */
  public int keyLength() {
    return leaf.keyLength;
  }

  /** Start of the current value. */
  public int valueOffset() {
    return leaf.valueOffset;
  }

  /** Length of the current value. */
  public int valueLength() {
    return leaf.valueLength;
  }

  /** Goes to the first element; false when the tree is empty. */
  public boolean seekFirst() {
    open();
    descend(0, true);
    return select(0);
  }

  /** Goes to the last element; false when the tree is empty. */
  public boolean seekLast() {
    open();
    descend(0, false);
    return select(leaf.count() - 1);
  }

  /** Goes to the first element at (when inclusive) or above a key; false when there is none. */
  public boolean seek(byte[] key, int offset, int length, boolean inclusive) {
    boolean found = locate(key, offset, length);
    if (found && !inclusive) {
      at++;
    }
    return at < leaf.count() ? select(at) : toNextLeaf() && select(0);
  }

  /** Goes to the last element at (when inclusive) or below a key; false when there is none. */
  public boolean seekFloor(byte[] key, int offset, int length, boolean inclusive) {
    boolean found = locate(key, offset, length);
    if (found && inclusive) {
      return select(at);
    }
    return at > 0 ? select(at - 1) : toPreviousLeaf() && select(leaf.count() - 1);
  }

  /** Goes to the element of a rank, counted from 0; false when there is none. */
  public boolean seekRank(long rank) {
    if (rank < 0 || rank >= tree.size()) {
      valid = false;
      return false;
    }
    locateRank(rank);
    return select(at);
  }

  /** Goes to the following element; false, and no longer on an element, at the end. */
  public boolean next() {
    if (!valid) {
      return false;
    }
    return at + 1 < leaf.count() ? select(at + 1) : toNextLeaf() && select(0);
  }

  /** Goes to the element before; false, and no longer on an element, at the start. */
  public boolean previous() {
    if (!valid) {
      return false;
    }
    return at > 0 ? select(at - 1) : toPreviousLeaf() && select(leaf.count() - 1);
  }

  /** Number of elements before the current one. */
  public long rank() {
    long rank = at;
    for (int level = 0; level < height - 1; level++) {
      rank += InnerPage.before(pages[level], index[level]);
    }
    return rank;
  }

  /** The leaf the cursor is in, for loops over whole leaves; {@link #indexInLeaf} tells where. */
  public LeafPage leaf() {
    return leaf;
  }

  /** Index of the current element in {@link #leaf}. */
  public int indexInLeaf() {
    return at;
  }

  /** Goes to the first element of the following leaf; false at the end. */
  public boolean nextLeaf() {
    return valid && toNextLeaf() && select(0);
  }

  /** Announces an in-place change of the current value, which may then be written to. */
  public void editValue() {
    tree.editAt(this);
  }

  /**
   * Removes the current element and goes to the one after it.
   *
   * @return false when there is none after it
   */
  public boolean remove() {
    if (!valid) {
      throw new IllegalStateException("the cursor is on no element");
    }
    long rank = rank();
    tree.removeAt(this, 1);
    return seekRank(rank);
  }

  /** Starts at the root. */
  private void open() {
    valid = false;
    height = tree.height();
    at = 0;
    if (height == 0) {
      wrapLeaf();
      return;
    }
    ensure(height);
    tree.load(tree.root(), pages[0]);
  }

  private void ensure(int levels) {
    if (pages.length >= levels) {
      return;
    }
    var more = new Ref[Math.max(levels, FIRST_DEPTH)];
    System.arraycopy(pages, 0, more, 0, pages.length);
    for (int i = pages.length; i < more.length; i++) {
      more[i] = new Ref();
      if (reusing) {
        more[i].reuseCopies();
      }
    }
    pages = more;
    if (index.length < more.length) {
      index = java.util.Arrays.copyOf(index, more.length);
    }
  }

  private void descend(int from, boolean first) {
    for (int level = from; level < height - 1; level++) {
      index[level] = first ? 0 : InnerPage.count(pages[level]) - 1;
      tree.load(InnerPage.child(pages[level], index[level]), pages[level + 1]);
    }
    wrapLeaf();
  }

  void wrapLeaf() {
    Ref ref = leafRef();
    int base = leafBase();
    leaf.wrap(ref.array, ref.offset + base, ref.length - base, tree.keyed());
  }

  Ref leafRef() {
    return height == 0 ? tree.owner() : pages[height - 1];
  }

  int leafBase() {
    return height == 0 ? tree.base() : 0;
  }

  /** Goes to a key or to the place where it would be inserted. */
  boolean locate(byte[] key, int offset, int length) {
    open();
    for (int level = 0; level < height - 1; level++) {
      int i = InnerPage.find(pages[level], key, offset, length);
      index[level] = i;
      tree.load(InnerPage.child(pages[level], i), pages[level + 1]);
    }
    wrapLeaf();
    int i = leaf.search(key, offset, length);
    valid = i >= 0;
    at = valid ? i : ~i;
    return valid;
  }

  /** Goes to a rank, up to and including the size: then behind the last element. */
  void locateRank(long rank) {
    open();
    long left = rank;
    long total = height > 1 ? tree.size() : 0;
    for (int level = 0; level < height - 1; level++) {
      Ref page = pages[level];
      // Lists are used at their ends: the nearer one is where the search begins.
      long before = left * 2 < total ? fromFirst(level, left) : fromLast(level, left, total);
      left -= before;
      total = InnerPage.below(page, index[level]);
      tree.load(InnerPage.child(page, index[level]), pages[level + 1]);
    }
    wrapLeaf();
    at = (int) left;
  }

  /** Chooses the child of a rank; returns how many elements the children before it have. */
  private long fromFirst(int level, long rank) {
    Ref page = pages[level];
    int last = InnerPage.count(page) - 1;
    long before = 0;
    int i = 0;
    for (long below; i < last && rank - before >= (below = InnerPage.below(page, i)); i++) {
      before += below;
    }
    index[level] = i;
    return before;
  }

  private long fromLast(int level, long rank, long total) {
    Ref page = pages[level];
    int i = InnerPage.count(page) - 1;
    long before = total - InnerPage.below(page, i);
    while (i > 0 && rank < before) {
      before -= InnerPage.below(page, --i);
    }
    index[level] = i;
    return before;
  }

  /** Makes element i current; false when there is none. */
  boolean select(int i) {
    at = i;
    valid = i >= 0 && i < leaf.count();
    if (valid) {
      leaf.at(i);
    }
    return valid;
  }

  void invalidate() {
    valid = false;
  }

  private boolean toNextLeaf() {
    valid = false;
    for (int level = height - 2; level >= 0; level--) {
      if (index[level] + 1 < InnerPage.count(pages[level])) {
        index[level]++;
        tree.load(InnerPage.child(pages[level], index[level]), pages[level + 1]);
        descend(level + 1, true);
        return true;
      }
    }
    return false;
  }

  private boolean toPreviousLeaf() {
    valid = false;
    for (int level = height - 2; level >= 0; level--) {
      if (index[level] > 0) {
        index[level]--;
        tree.load(InnerPage.child(pages[level], index[level]), pages[level + 1]);
        descend(level + 1, false);
        return true;
      }
    }
    return false;
  }

  /** True when the path leads to the last child from the root down to a level (exclusive). */
  boolean lastDownTo(int level) {
    for (int l = 0; l < level; l++) {
      if (index[l] != InnerPage.count(pages[l]) - 1) {
        return false;
      }
    }
    return true;
  }

  boolean firstDownTo(int level) {
    for (int l = 0; l < level; l++) {
      if (index[l] != 0) {
        return false;
      }
    }
    return true;
  }

  /** Number of the page at a level. */
  int pageNo(int level) {
    return level == 0 ? tree.root() : InnerPage.child(pages[level - 1], index[level - 1]);
  }
}
