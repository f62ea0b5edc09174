package io.millrace.engine.tree;

import io.millrace.engine.state.HotPath;
import io.millrace.engine.state.Ref;
import io.millrace.engine.state.TaskState;
import java.util.Arrays;

/**
 * The changing half of a {@link PageTree}: insertion with splits, removal with merges, promotion
 * and demotion. Works on the path of a cursor, whose pages were all found before.
 */
@HotPath(benchmark = "PageTreeBenchmark")
final class TreeWriter {
  private static final int LEAST_TO_SPLIT = 4;

  /**
   * Where most pages are on disk, a change far from the last one costs reading and writing a page:
   * pages are then kept this many times smaller.
   */
  private static final int COLD_SHARE = 4;

  private final PageTree tree;
  private final TreeShape shape;
  private final Ref spare = new Ref();
  private byte[] scratch = new byte[0];
  private byte[] separator = new byte[0];
  private int separatorLength;

  TreeWriter(PageTree tree, TreeShape shape) {
    this.tree = tree;
    this.shape = shape;
  }

  /** Inserts an element at the located place. */
  void insert(
      Cursor path,
      byte[] key,
      int keyOffset,
      int keyLength,
      byte[] value,
      int valueOffset,
      int valueLength) {
    TaskState state = tree.state();
    path.invalidate();
    int size = LeafPage.SLOT + LeafPage.elementSize(shape.keyed(), keyLength, valueLength);
    long rank = -1;
    while (!fits(path, size)) {
      if (rank < 0 && !shape.keyed()) {
        rank = path.rank();
      }
      if (path.height > 0 && addPage(path, size, key, keyOffset, keyLength)) {
        LeafPage.insert(
            state,
            spare,
            0,
            0,
            shape.keyed(),
            key,
            keyOffset,
            keyLength,
            value,
            valueOffset,
            valueLength);
        return;
      }
      if (path.height == 0) {
        promote();
      } else {
        splitLeaf(path, size);
      }
      relocate(path, rank, key, keyOffset, keyLength);
    }
    LeafPage.insert(
        state,
        path.leafRef(),
        path.leafBase(),
        path.at,
        shape.keyed(),
        key,
        keyOffset,
        keyLength,
        value,
        valueOffset,
        valueLength);
    addBelow(path, 1);
  }

  private void relocate(Cursor path, long rank, byte[] key, int offset, int length) {
    if (shape.keyed()) {
      path.locate(key, offset, length);
    } else {
      path.locateRank(rank);
    }
    path.invalidate();
  }

  private boolean fits(Cursor path, int size) {
    Ref ref = path.leafRef();
    int length = Math.max(ref.length - path.leafBase(), LeafPage.HEADER);
    int n = path.leaf.count();
    if (path.height == 0) {
      return length + size <= shape.inlineBytes() && n < shape.inlineCount();
    }
    // At its ends a page is filled: ascending keys and queues come back to it before it leaves.
    boolean inside = shape.keyed() && path.at > 0 && path.at < n;
    return n == 0 || length + size <= (inside ? leafBytes() : shape.pageBytes());
  }

  /** Size a leaf may reach by changes at random places. */
  private int leafBytes() {
    return tree.state().mostlyCold(tree.space())
        ? Math.max(shape.pageBytes() / COLD_SHARE, TreeShape.SMALLEST_PAGE)
        : shape.pageBytes();
  }

  /** Replaces the value of the current element. */
  void replace(Cursor path, byte[] value, int offset, int length) {
    TaskState state = tree.state();
    int delta = length - path.valueLength();
    Ref ref = path.leafRef();
    int base = path.leafBase();
    int limit = path.height == 0 ? shape.inlineBytes() : shape.pageBytes();
    boolean alone = path.height > 0 && path.leaf.count() == 1;
    if (delta <= 0 || alone || ref.length - base + delta <= limit) {
      int valueAt = path.valueOffset() - ref.offset - base;
      LeafPage.setValue(
          state, ref, base, path.at, valueAt, path.valueLength(), value, offset, length);
      path.invalidate();
      return;
    }
    if (path.height == 0) {
      long rank = path.at;
      promote();
      path.seekRank(rank);
      replace(path, value, offset, length);
      return;
    }
    byte[] key =
        Arrays.copyOfRange(path.array(), path.keyOffset(), path.keyOffset() + path.keyLength());
    LeafPage.remove(state, ref, base, path.at, path.at + 1);
    addBelow(path, -1);
    path.wrapLeaf();
    insert(path, key, 0, key.length, value, offset, length);
  }

  /** Adds to the counts above the leaf and in the descriptor. */
  private void addBelow(Cursor path, int delta) {
    if (path.height == 0) {
      return;
    }
    TaskState state = tree.state();
    for (int level = 0; level < path.height - 1; level++) {
      Ref page = path.pages[level];
      state.edit(page);
      int i = path.index[level];
      InnerPage.below(page, i, InnerPage.below(page, i) + delta);
    }
    Ref owner = tree.owner();
    state.edit(owner);
    int at = owner.offset + tree.base();
    TreeHead.count(owner.array, at, TreeHead.count(owner.array, at) + delta);
  }

  /** Moves the inline leaf to a page. */
  private void promote() {
    TaskState state = tree.state();
    Ref owner = tree.owner();
    int base = tree.base();
    long treeId = state.nextId();
    int length = owner.length - base;
    int n = length == 0 ? 0 : LeafPage.count(owner.array, owner.offset + base);
    if (length == 0) {
      LeafPage.writeHeader(scratch(LeafPage.HEADER), 0, 0);
      tree.store(treeId, 0, scratch, 0, LeafPage.HEADER, spare);
    } else {
      tree.store(treeId, 0, owner.array, owner.offset + base, length, spare);
    }
    state.resize(owner, base + TreeHead.BYTES);
    int at = owner.offset + base;
    TreeHead.write(owner.array, at, treeId);
    TreeHead.root(owner.array, at, TreeHead.allocate(owner.array, at));
    TreeHead.height(owner.array, at, 1);
    TreeHead.count(owner.array, at, n);
  }

  /**
   * Gives an element that goes to either end of the located leaf an empty page of its own, linked
   * and counted, in {@link #spare}: at the ends of the tree, so that ascending and descending
   * insertions leave full pages behind, and for elements larger than a page.
   */
  private boolean addPage(Cursor path, int size, byte[] key, int keyOffset, int keyLength) {
    int n = path.leaf.count();
    int bottom = path.height - 1;
    boolean forced = n == 1 || LeafPage.HEADER + size > shape.pageBytes();
    boolean behind = path.at == n && (forced || path.lastDownTo(bottom));
    if (!behind && !(path.at == 0 && (forced || path.firstDownTo(bottom)))) {
      return false;
    }
    if (shape.keyed()) {
      LeafPage leaf = path.leaf;
      leaf.at(behind ? n - 1 : 0);
      if (behind) {
        separate(leaf.array, leaf.keyOffset, leaf.keyLength, key, keyOffset, keyLength);
      } else {
        separate(key, keyOffset, keyLength, leaf.array, leaf.keyOffset, leaf.keyLength);
      }
    }
    addBelow(path, 1);
    int leafNo = path.pageNo(bottom);
    LeafPage.writeHeader(scratch(LeafPage.HEADER), 0, 0);
    int pageNo = newPage(LeafPage.HEADER);
    if (behind) {
      link(path, bottom - 1, leafNo, pageNo, 1);
    } else {
      link(path, bottom - 1, pageNo, leafNo, n);
    }
    tree.load(pageNo, spare);
    return true;
  }

  private void splitLeaf(Cursor path, int size) {
    Ref ref = path.leafRef();
    int n = path.leaf.count();
    boolean huge = LeafPage.HEADER + size > shape.pageBytes();
    int middle = huge ? path.at : middle(ref, n);
    if (shape.keyed()) {
      LeafPage leaf = path.leaf;
      leaf.at(middle - 1);
      int offset = leaf.keyOffset;
      int length = leaf.keyLength;
      leaf.at(middle);
      separate(leaf.array, offset, length, leaf.array, leaf.keyOffset, leaf.keyLength);
    }
    int bytes = LeafPage.partSize(ref.array, ref.offset, ref.length, middle, n);
    LeafPage.copyPart(ref.array, ref.offset, ref.length, middle, n, scratch(bytes));
    int right = newPage(bytes);
    LeafPage.remove(tree.state(), ref, 0, middle, n);
    link(path, path.height - 2, path.pageNo(path.height - 1), right, n - middle);
  }

  /** The element, neither the first nor behind the last, that halves the bytes best. */
  private static int middle(Ref ref, int n) {
    int half = ref.offset + ref.length / 2;
    int low = 1;
    int high = n - 1;
    while (low < high) {
      int mid = (low + high) >>> 1;
      if (LeafPage.start(ref.array, ref.offset, ref.length, mid) < half) {
        low = mid + 1;
      } else {
        high = mid;
      }
    }
    return low;
  }

  /** Keeps the shortest prefix of the right key that is above the left one. */
  private void separate(
      byte[] left, int leftOffset, int leftLength, byte[] right, int rightOffset, int length) {
    int common =
        Arrays.mismatch(
            left, leftOffset, leftOffset + leftLength, right, rightOffset, rightOffset + length);
    keepSeparator(right, rightOffset, Math.min(common + 1, length));
  }

  private void keepSeparator(byte[] bytes, int offset, int length) {
    if (separator.length < length) {
      separator = new byte[Math.max(length, 64)];
    }
    System.arraycopy(bytes, offset, separator, 0, length);
    separatorLength = length;
  }

  /** Makes two children of the one the path goes through at a level; level -1 is above the root. */
  private void link(Cursor path, int level, int left, int right, long rightBelow) {
    TaskState state = tree.state();
    int length = shape.keyed() ? separatorLength : 0;
    if (level < 0) {
      growRoot(left, right, rightBelow, length);
      return;
    }
    Ref page = path.pages[level];
    int i = path.index[level];
    state.edit(page);
    InnerPage.child(page, i, left);
    InnerPage.below(page, i, InnerPage.below(page, i) - rightBelow);
    InnerPage.insert(state, page, i + 1, right, rightBelow, separator, 0, length);
    if (page.length > shape.pageBytes() && InnerPage.count(page) >= LEAST_TO_SPLIT) {
      splitInner(path, level, i + 1);
    }
  }

  private void splitInner(Cursor path, int level, int inserted) {
    Ref page = path.pages[level];
    int n = InnerPage.count(page);
    int middle = n / 2;
    if (inserted == n - 1 && path.lastDownTo(level)) {
      middle = n - 1;
    } else if (inserted == 1 && path.firstDownTo(level)) {
      middle = 1;
    }
    long moved = InnerPage.sum(page, middle, n);
    int bytes = InnerPage.tailSize(page, middle);
    InnerPage.copyTail(page, middle, scratch(bytes));
    keepSeparator(
        page.array,
        InnerPage.separatorOffset(page, middle),
        InnerPage.separatorLength(page, middle));
    int right = newPage(bytes);
    InnerPage.truncate(tree.state(), page, middle);
    link(path, level - 1, path.pageNo(level), right, moved);
  }

  private void growRoot(int left, int right, long rightBelow, int length) {
    Ref owner = tree.owner();
    long count = TreeHead.count(owner.array, owner.offset + tree.base());
    scratch(InnerPage.HEADER + 2 * InnerPage.RECORD + length);
    int bytes =
        InnerPage.writeRoot(
            scratch, left, count - rightBelow, right, rightBelow, separator, 0, length);
    int root = newPage(bytes);
    int at = owner.offset + tree.base();
    TreeHead.root(owner.array, at, root);
    TreeHead.height(owner.array, at, TreeHead.height(owner.array, at) + 1);
  }

  /** Stores the first bytes of the scratch buffer as a page. */
  private int newPage(int bytes) {
    Ref owner = tree.owner();
    tree.state().edit(owner);
    int pageNo = TreeHead.allocate(owner.array, owner.offset + tree.base());
    tree.store(tree.treeId(), pageNo, scratch, 0, bytes, spare);
    return pageNo;
  }

  private void freePage(int pageNo, Ref page) {
    tree.state().remove(page);
    Ref owner = tree.owner();
    tree.state().edit(owner);
    TreeHead.release(owner.array, owner.offset + tree.base(), pageNo);
  }

  /** Removes elements from the current one on, all of the same leaf. */
  void remove(Cursor path, int elements) {
    TaskState state = tree.state();
    path.invalidate();
    Ref ref = path.leafRef();
    int base = path.leafBase();
    int n = path.leaf.count();
    if (path.height == 0) {
      if (elements == n) {
        state.resize(ref, base);
      } else {
        LeafPage.remove(state, ref, base, path.at, path.at + elements);
      }
      return;
    }
    if (elements == n) {
      int pageNo = path.pageNo(path.height - 1);
      addBelow(path, -n);
      freePage(pageNo, ref);
      unlink(path, path.height - 2);
    } else {
      removePart(path, elements);
    }
    demote(path);
  }

  private void removePart(Cursor path, int elements) {
    Ref ref = path.leafRef();
    int to = path.at + elements;
    int after =
        ref.length
            - LeafPage.partSize(ref.array, ref.offset, ref.length, path.at, to)
            + LeafPage.HEADER;
    int sibling = crosses(ref.length, after) ? loadSibling(path, path.height - 2) : -1;
    LeafPage.remove(tree.state(), ref, 0, path.at, to);
    addBelow(path, -elements);
    if (sibling >= 0) {
      merge(path, path.height - 2, sibling, true);
    }
  }

  /** True when a page has become small enough to look for a neighbour to merge with. */
  private boolean crosses(int before, int after) {
    int quarter = leafBytes() / 4;
    return after < quarter
        && Integer.numberOfLeadingZeros(after)
            > Integer.numberOfLeadingZeros(Math.min(before, 2 * quarter - 1));
  }

  /** Loads a neighbour of the child the path goes through; its index, or -1 without one. */
  private int loadSibling(Cursor path, int level) {
    if (level < 0) {
      return -1;
    }
    Ref parent = path.pages[level];
    int i = path.index[level];
    int sibling = i + 1 < InnerPage.count(parent) ? i + 1 : i - 1;
    if (sibling >= 0) {
      tree.load(InnerPage.child(parent, sibling), spare);
    }
    return sibling;
  }

  /** Merges the child on the path with its loaded sibling when both fit into one page easily. */
  private void merge(Cursor path, int level, int sibling, boolean leaves) {
    TaskState state = tree.state();
    Ref parent = path.pages[level];
    Ref own = path.pages[level + 1];
    int i = path.index[level];
    Ref left = sibling < i ? spare : own;
    Ref right = sibling < i ? own : spare;
    int rightIndex = Math.max(i, sibling);
    int length = leaves ? 0 : InnerPage.separatorLength(parent, rightIndex);
    int most = leaves ? leafBytes() : shape.pageBytes();
    if (left.length + right.length + length > most * 3 / 4) {
      return;
    }
    if (leaves) {
      LeafPage.append(state, left, right);
    } else {
      int offset = InnerPage.separatorOffset(parent, rightIndex);
      InnerPage.append(state, left, right, parent.array, offset, length);
    }
    state.edit(parent);
    long below = InnerPage.below(parent, rightIndex);
    InnerPage.below(parent, rightIndex - 1, InnerPage.below(parent, rightIndex - 1) + below);
    freePage(InnerPage.child(parent, rightIndex), right);
    path.index[level] = rightIndex;
    unlink(path, level);
  }

  /** Takes the child the path goes through out of the page at a level. */
  private void unlink(Cursor path, int level) {
    TaskState state = tree.state();
    if (level < 0) {
      state.resize(tree.owner(), tree.base());
      return;
    }
    Ref page = path.pages[level];
    if (InnerPage.count(page) == 1) {
      freePage(path.pageNo(level), page);
      unlink(path, level - 1);
      return;
    }
    InnerPage.remove(state, page, path.index[level]);
    if (level == 0) {
      collapse(path);
    } else if (page.length < shape.pageBytes() / 4) {
      int sibling = loadSibling(path, level - 1);
      if (sibling >= 0) {
        merge(path, level - 1, sibling, false);
      }
    }
  }

  /** While the root has one child only, that child becomes the root. */
  private void collapse(Cursor path) {
    Ref root = path.pages[0];
    Ref owner = tree.owner();
    while (tree.height() > 1 && InnerPage.count(root) == 1) {
      int child = InnerPage.child(root, 0);
      freePage(tree.root(), root);
      int at = owner.offset + tree.base();
      TreeHead.root(owner.array, at, child);
      TreeHead.height(owner.array, at, TreeHead.height(owner.array, at) - 1);
      tree.load(child, root);
    }
  }

  /** Takes a tree of one small page back into its owner's value. */
  private void demote(Cursor path) {
    if (tree.height() != 1) {
      return;
    }
    int n = (int) tree.size();
    Ref owner = tree.owner();
    int root = tree.root();
    if (n > shape.inlineCount() / 2) {
      return;
    }
    tree.load(root, spare);
    int length = spare.length;
    if (length > shape.inlineBytes() / 2) {
      return;
    }
    TaskState state = tree.state();
    System.arraycopy(spare.array, spare.offset, scratch(length), 0, length);
    state.remove(spare);
    state.resize(owner, tree.base() + length);
    System.arraycopy(scratch, 0, owner.array, owner.offset + tree.base(), length);
    path.height = 0;
  }

  /** Copies the whole tree page by page: page numbers stay, the tree id is another. */
  void copyTo(PageTree target) {
    Ref from = tree.owner();
    Ref to = target.owner();
    if (target.size() != 0) {
      throw new IllegalStateException("the target tree is not empty");
    }
    long treeId = 0;
    if (!tree.isInline()) {
      treeId = target.state().nextId();
      copyPage(target, treeId, tree.root(), tree.height());
    }
    int length = treeId == 0 ? from.length - tree.base() : TreeHead.BYTES;
    target.state().resize(to, target.base() + length);
    int at = to.offset + target.base();
    System.arraycopy(from.array, from.offset + tree.base(), to.array, at, length);
    if (treeId != 0) {
      TreeHead.treeId(to.array, at, treeId);
    }
  }

  private void copyPage(PageTree target, long treeId, int pageNo, int height) {
    var page = new Ref();
    tree.load(pageNo, page);
    target.store(treeId, pageNo, page.array, page.offset, page.length, spare);
    if (height > 1) {
      for (int i = 0; i < InnerPage.count(page); i++) {
        copyPage(target, treeId, InnerPage.child(page, i), height - 1);
      }
    }
  }

  private byte[] scratch(int length) {
    if (scratch.length < length) {
      scratch = new byte[Math.max(length, 2 * shape.pageBytes())];
    }
    return scratch;
  }
}
