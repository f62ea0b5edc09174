package io.millrace.engine.tree;

import io.millrace.engine.state.HotPath;
import io.millrace.engine.state.KeyHash;
import io.millrace.engine.state.ReadView;
import io.millrace.engine.state.Ref;
import io.millrace.engine.state.TaskState;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The ordered, counted, paged tree behind every collection: elements in order of their key bytes
 * (unsigned), or in a given order without keys, found by key or by rank in O(log n).
 *
 * <p>A reusable view: {@link #bind} it to the entry that owns the tree. The tree is the last part
 * of the owner's value, from a given index on; no bytes there are an empty tree. While small it is
 * one leaf inside that value; beyond the limits of its {@link TreeShape} the value holds a
 * descriptor and the leaves and inner pages are entries of a page space (ordered by key; key = tree
 * id, page number). It goes back when it has shrunk to half the limits.
 *
 * <p>Methods that find an element leave it current: key and value fields are views into the store
 * that hold until the next change of the tree or the end of the execution. Bytes given to methods
 * that change the tree must not be views into this tree.
 *
 * <p>Every method locates the pages it needs before it changes anything, so that a {@link
 * NotResidentException} leaves the tree as it was. Methods that touch many pages ({@link
 * #removeRange}, {@link #clear}, {@link #copyTo}) do so for the first page only.
 */
@HotPath(benchmark = "PageTreeBenchmark")
public final class PageTree {
  /**
   * Bytes that a tree with pages takes in its owner's value, for owners with a second tree behind
   * it. The first one's shape must never let it be inline then, and the second must be emptied
   * before the first.
   */
  public static final int DESCRIPTOR_BYTES = TreeHead.BYTES;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  /** Kind of page entries. */
  private static final int PAGE_KIND = 0;

  private static final int PAGE_KEY = 12;
  private static final byte[] NONE = new byte[0];

  private final TreeShape shape;
  private final Cursor path = new Cursor(this);
  private final TreeWriter writer;
  private final byte[] pageKey = new byte[PAGE_KEY];

  private @Nullable ReadView view;
  private @Nullable TaskState state;
  private @Nullable Ref owner;
  private int space;
  private int base;

  /** Creates an unbound tree. */
  public PageTree(TreeShape shape) {
    this.shape = shape;
    this.writer = new TreeWriter(this, shape);
  }

  /**
   * Binds to the tree in an entry's value.
   *
   * @param view where the entry and the pages are; the tree can be changed when it is a {@link
   *     TaskState}
   * @param pageSpace space of the pages, {@link SpaceOrder#KEY}
   * @param owner the found entry; kept, and refreshed when the entry changes
   * @param offset index in the owner's value of the first byte of the tree
   */
  public void bind(ReadView view, int pageSpace, Ref owner, int offset) {
    this.view = view;
    this.state = view instanceof TaskState live ? live : null;
    this.owner = owner;
    this.space = pageSpace;
    this.base = offset;
    path.invalidate();
  }

  /** Lets go of the entry, so that nothing of the execution is kept alive. */
  public void unbind() {
    view = null;
    state = null;
    owner = null;
    path.invalidate();
  }

  /** Creates another cursor over whatever this tree is bound to. */
  public Cursor newCursor() {
    return new Cursor(this);
  }

  /** The tree's own cursor: where the last find or seek went. */
  public Cursor cursor() {
    return path;
  }

  /** Number of elements. */
  public long size() {
    Ref ref = owner();
    if (ref.length == base) {
      return 0;
    }
    return isInline()
        ? LeafPage.count(ref.array, ref.offset + base)
        : TreeHead.count(ref.array, ref.offset + base);
  }

  /** True while the tree is inside its owner's value. */
  public boolean isInline() {
    return isInline(owner(), base);
  }

  /** True when the tree from an index of a value on is inside that value. */
  public static boolean isInline(Ref owner, int offset) {
    return owner.length == offset || owner.array[owner.offset + offset] == LeafPage.TYPE;
  }

  /** Number of pages outside the owner's value. */
  public int pages() {
    Ref ref = owner();
    return isInline() ? 0 : TreeHead.pages(ref.array, ref.offset + base);
  }

  /** Finds a key; when there, its element is current. */
  public boolean find(byte[] key, int offset, int length) {
    return path.locate(key, offset, length);
  }

  /** Makes the element of a rank current; false when there is none. */
  public boolean findAt(long rank) {
    return path.seekRank(rank);
  }

  /** Array that holds the current key and value. */
  public byte[] array() {
    return path.array();
  }

  /** Start of the current key. */
  public int keyOffset() {
    return path.keyOffset();
  }

  /** Length of the current key. */
  public int keyLength() {
    return path.keyLength();
  }

  /** Start of the current value. */
  public int valueOffset() {
    return path.valueOffset();
  }

  /** Length of the current value. */
  public int valueLength() {
    return path.valueLength();
  }

  /** Announces an in-place change of the current value; read {@link #array} afterwards. */
  public void editValue() {
    editAt(path);
  }

  /** Replaces the value of the current element. No element is current afterwards. */
  public void setFound(byte[] value, int offset, int length) {
    requireFound();
    writer.replace(path, value, offset, length);
  }

  /** Removes the current element. No element is current afterwards. */
  public void removeFound() {
    requireFound();
    removeAt(path, 1);
  }

  /**
   * Inserts an element or replaces the value of its key.
   *
   * @return true when inserted
   */
  public boolean put(
      byte[] key, int keyOffset, int keyLength, byte[] value, int valueOffset, int valueLength) {
    requireKeyed(true);
    if (path.locate(key, keyOffset, keyLength)) {
      writer.replace(path, value, valueOffset, valueLength);
      return false;
    }
    writer.insert(path, key, keyOffset, keyLength, value, valueOffset, valueLength);
    return true;
  }

  /**
   * Inserts an element unless its key is there, which then is current.
   *
   * @return true when inserted
   */
  public boolean putIfAbsent(
      byte[] key, int keyOffset, int keyLength, byte[] value, int valueOffset, int valueLength) {
    requireKeyed(true);
    if (path.locate(key, keyOffset, keyLength)) {
      return false;
    }
    writer.insert(path, key, keyOffset, keyLength, value, valueOffset, valueLength);
    return true;
  }

  /**
   * Inserts the key that the last {@link #find} did not find, without looking for its place again.
   * The tree must not have been changed since.
   */
  public void insertNotFound(
      byte[] key, int keyOffset, int keyLength, byte[] value, int valueOffset, int valueLength) {
    requireKeyed(true);
    if (path.valid()) {
      throw new IllegalStateException("the key was found");
    }
    writer.insert(path, key, keyOffset, keyLength, value, valueOffset, valueLength);
  }

  /** Removes a key; false when it is not there. */
  public boolean remove(byte[] key, int offset, int length) {
    if (!path.locate(key, offset, length)) {
      return false;
    }
    removeAt(path, 1);
    return true;
  }

  /** Number of elements whose keys are below the given one, whether or not it is there. */
  public long rank(byte[] key, int offset, int length) {
    path.locate(key, offset, length);
    return path.rank();
  }

  /** Number of elements whose keys are below the given one, or at it when inclusive. */
  public long rank(byte[] key, int offset, int length, boolean inclusive) {
    boolean found = path.locate(key, offset, length);
    return path.rank() + (found && inclusive ? 1 : 0);
  }

  /** Number of elements with keys in a range. */
  public long countRange(byte[] from, boolean fromInclusive, byte[] to, boolean toInclusive) {
    long end = rank(to, 0, to.length, toInclusive);
    long start = rank(from, 0, from.length, !fromInclusive);
    return Math.max(0, end - start);
  }

  /** Inserts an element of a positional tree before the one of a rank (size: at the end). */
  public void insertAt(long rank, byte[] value, int offset, int length) {
    requireKeyed(false);
    if (rank < 0 || rank > size()) {
      throw new IndexOutOfBoundsException("rank=" + rank + " size=" + size());
    }
    path.locateRank(rank);
    writer.insert(path, NONE, 0, 0, value, offset, length);
  }

  /** Replaces the value of the element of a rank; false when there is none. */
  public boolean setAt(long rank, byte[] value, int offset, int length) {
    if (!path.seekRank(rank)) {
      return false;
    }
    writer.replace(path, value, offset, length);
    return true;
  }

  /** Removes the element of a rank; false when there is none. */
  public boolean removeAt(long rank) {
    if (!path.seekRank(rank)) {
      return false;
    }
    removeAt(path, 1);
    return true;
  }

  /** Inserts an element of a positional tree at the start. */
  public void pushFirst(byte[] value, int offset, int length) {
    insertAt(0, value, offset, length);
  }

  /** Inserts an element of a positional tree at the end. */
  public void pushLast(byte[] value, int offset, int length) {
    insertAt(size(), value, offset, length);
  }

  /** Removes the first element; read it with {@link #findAt} before. False when empty. */
  public boolean popFirst() {
    return removeAt(0);
  }

  /** Removes the last element; read it with {@link #findAt} before. False when empty. */
  public boolean popLast() {
    return removeAt(size() - 1);
  }

  /** Removes the elements of ranks [from, to). */
  public void removeRange(long from, long to) {
    long left = Math.min(to, size()) - Math.max(from, 0);
    while (left > 0) {
      path.locateRank(Math.max(from, 0));
      int n = (int) Math.min(left, path.leaf.count() - path.at);
      removeAt(path, n);
      left -= n;
    }
  }

  /** Removes all elements and frees all pages. */
  public void clear() {
    drop(Integer.MAX_VALUE);
  }

  /**
   * Removes elements from the end until about {@code maxPages} pages are freed; the rest stays a
   * valid tree, so that freeing can go on in another step.
   *
   * @return number of pages left; 0 when the tree is empty
   */
  public int drop(int maxPages) {
    int target = (int) Math.max(0L, (long) pages() - maxPages);
    while (!isInline() && pages() > target) {
      path.seekLast();
      path.at = 0;
      removeAt(path, path.leaf.count());
    }
    if (isInline() && size() > 0) {
      state().resize(owner(), base);
    }
    path.invalidate();
    return pages();
  }

  /** Copies this tree into an empty one of the same shape, maybe of another task. */
  public void copyTo(PageTree target) {
    writer.copyTo(target);
  }

  /** Visits all leaves in order. */
  public void visitLeaves(LeafVisitor visitor) {
    for (boolean more = path.seekFirst(); more; more = path.nextLeaf()) {
      if (!visitor.visit(path.leaf)) {
        return;
      }
    }
  }

  void editAt(Cursor cursor) {
    if (!cursor.valid()) {
      throw new IllegalStateException("no current element");
    }
    state().edit(cursor.leafRef());
    cursor.wrapLeaf();
    cursor.select(cursor.at);
  }

  void removeAt(Cursor cursor, int elements) {
    writer.remove(cursor, elements);
  }

  private void requireFound() {
    if (!path.valid()) {
      throw new IllegalStateException("no current element");
    }
  }

  private void requireKeyed(boolean wanted) {
    if (shape.keyed() != wanted) {
      throw new IllegalStateException(
          shape.keyed() ? "the tree is ordered by key" : "the tree has no keys");
    }
  }

  /** True when elements are addressed by key. */
  public boolean keyed() {
    return shape.keyed();
  }

  /** Number of a tree with pages: no other of its task has or will have it. */
  public long id() {
    return treeId();
  }

  /**
   * A copy of the descriptor of a tree with pages: as the value of another entry of the same task
   * it owns them there, under a shape that has nothing inline.
   */
  public byte[] descriptor() {
    if (isInline()) {
      throw new IllegalStateException("the tree has no pages");
    }
    Ref ref = owner();
    int from = ref.offset + base;
    return java.util.Arrays.copyOfRange(ref.array, from, from + DESCRIPTOR_BYTES);
  }

  /**
   * True for the live state of a tree with pages of which a noticeable part is on disk only: then
   * executions that change several elements should use {@link Misses}.
   */
  public boolean mostlyCold() {
    TaskState live = state;
    return live != null && !isInline() && live.mostlyCold(space);
  }

  int space() {
    return space;
  }

  int base() {
    return base;
  }

  Ref owner() {
    Ref ref = owner;
    if (ref == null) {
      throw new IllegalStateException("the tree is not bound");
    }
    return ref;
  }

  TaskState state() {
    TaskState live = state;
    if (live == null) {
      throw new IllegalStateException("the tree is not bound to live state");
    }
    return live;
  }

  /** Page levels; 0 while inline. */
  int height() {
    Ref ref = owner();
    return isInline() ? 0 : TreeHead.height(ref.array, ref.offset + base);
  }

  int root() {
    Ref ref = owner();
    return TreeHead.root(ref.array, ref.offset + base);
  }

  long treeId() {
    Ref ref = owner();
    return TreeHead.treeId(ref.array, ref.offset + base);
  }

  /** Finds a page of this tree, which must be there. */
  void load(int pageNo, Ref out) {
    ReadView from = view;
    if (from == null) {
      throw new IllegalStateException("the tree is not bound");
    }
    long hash = pageKey(from, treeId(), pageNo);
    if (!from.find(space, pageKey, 0, PAGE_KEY, hash, out)) {
      throw new IllegalStateException(
          "page missing: treeId=" + treeId() + " page=" + pageNo + " space=" + space);
    }
  }

  /** Stores a page under this tree's space. */
  void store(long treeId, int pageNo, byte[] value, int offset, int length, Ref out) {
    long hash = pageKey(state(), treeId, pageNo);
    state().put(space, pageKey, 0, PAGE_KEY, hash, PAGE_KIND, 0, value, offset, length, out);
  }

  private long pageKey(ReadView of, long treeId, int pageNo) {
    LONGS.set(pageKey, 0, treeId);
    INTS.set(pageKey, 8, pageNo);
    return KeyHash.hash(pageKey, 0, PAGE_KEY, of.hashSeed());
  }
}
