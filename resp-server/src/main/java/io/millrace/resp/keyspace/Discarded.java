package io.millrace.resp.keyspace;

import io.millrace.engine.state.Execution;
import io.millrace.engine.state.KeyHash;
import io.millrace.engine.state.ReadTooLargeException;
import io.millrace.engine.state.Ref;
import io.millrace.engine.state.TaskState;
import io.millrace.engine.tree.PageTree;
import io.millrace.engine.tree.TreeShape;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Pages of removed collections. Few are freed at once; the descriptor of a tree with many becomes
 * an entry of the home space, in O(1) and without reading a page, and its pages are freed in steps
 * afterwards. That entry is state like any other: a cut holds it with the pages that are left, and
 * a fold of the removal makes it again. The steps leave no record, as nothing that can be read
 * changes.
 *
 * <p>Key: mark (1), form (1), space of the pages (4), tree id (8). Value: what {@link
 * PageTree#descriptor} answers.
 */
final class Discarded {
  /** No name of a database row begins with it. */
  private static final byte MARK = 0;

  private static final byte KEYED = 1;
  private static final int KEY_BYTES = 14;

  /** Pages that are freed with their collection. */
  private static final int FEW_PAGES = 32;

  private final int home;
  private final long hashSeed;
  private final PageTree keyed;
  private final PageTree positional;
  private final Ref ref = new Ref();

  /** May be true although nothing is left; never false while something is. */
  private boolean pending = true;

  private int task;

  Discarded(int home, long hashSeed) {
    this.home = home;
    this.hashSeed = hashSeed;
    keyed = new PageTree(TreeShape.keyed(4096, 0, 0));
    positional = new PageTree(TreeShape.positional(4096, 0, 0));
  }

  /** Frees the pages of a tree whose owner is about to be removed, or puts them aside. */
  void add(TaskState in, int pageSpace, PageTree tree) {
    if (tree.pages() <= FEW_PAGES) {
      tree.clear();
      return;
    }
    byte[] descriptor = tree.descriptor();
    byte[] key =
        ByteBuffer.allocate(KEY_BYTES)
            .put(MARK)
            .put(tree.keyed() ? KEYED : 0)
            .putInt(pageSpace)
            .putLong(tree.id())
            .array();
    long hash = KeyHash.hash(key, 0, key.length, hashSeed);
    in.put(home, key, 0, key.length, hash, 0, 0, descriptor, 0, descriptor.length, null);
    pending = true;
  }

  /** True when there may be pages to free. */
  boolean pending() {
    return pending;
  }

  /**
   * Frees pages of one tree; those on disk are read on the way.
   *
   * @return true when it is worth to go on now
   */
  boolean step(Execution execution, int pages) {
    try {
      return freeSome(execution, pages);
    } catch (ReadTooLargeException tooMuchInMemory) {
      // Nothing has been changed; there will be room when entries have left memory.
      return false;
    }
  }

  private boolean freeSome(Execution execution, int pages) {
    for (int i = 0; i < execution.tasks(); i++) {
      TaskState state = execution.task(task);
      byte[] key = first(state);
      if (key != null) {
        free(state, key, pages);
        return true;
      }
      task = (task + 1) % execution.tasks();
    }
    pending = false;
    return false;
  }

  private byte @Nullable [] first(TaskState state) {
    if (state.count(home) == 0) {
      return null;
    }
    byte @Nullable [][] found = {null};
    state.scan(
        home,
        0,
        -1,
        entry -> {
          if (entry.keyLength == KEY_BYTES && entry.array[entry.keyOffset] == MARK) {
            found[0] = entry.copyKey();
          }
          return found[0] == null;
        });
    return found[0];
  }

  private void free(TaskState state, byte[] key, int pages) {
    long hash = KeyHash.hash(key, 0, key.length, hashSeed);
    if (!state.find(home, key, 0, key.length, hash, ref)) {
      return;
    }
    int space = ByteBuffer.wrap(key).getInt(2);
    PageTree tree = key[1] == KEYED ? keyed : positional;
    tree.bind(state, space, ref, 0);
    // A flushed database took its pages with it.
    if (state.count(space) == 0 || tree.drop(pages) == 0) {
      state.remove(ref);
    }
  }
}
