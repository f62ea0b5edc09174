package io.millrace.engine.tree;

import io.millrace.engine.state.NotResidentException;
import org.jspecify.annotations.Nullable;

/**
 * Looks for all the elements an execution is about to change before it changes the first one, so
 * that those on disk are loaded together instead of one after the other with the lock held. Worth
 * its second search only where {@link PageTree#mostlyCold} says so.
 */
public final class Misses {
  private @Nullable NotResidentException first;

  /** Creates an empty collection. */
  public Misses() {}

  /**
   * Looks for a key, which need not exist, and notes the page that is not in memory.
   *
   * @return true when the key was found
   * @throws NotResidentException naming what was missing so far, when it is more than enough
   */
  public boolean expect(PageTree tree, byte[] key, int offset, int length) {
    try {
      return tree.find(key, offset, length);
    } catch (NotResidentException missing) {
      NotResidentException known = first;
      if (known == null) {
        first = missing;
      } else if (!known.add(missing)) {
        end();
      }
      return false;
    }
  }

  /**
   * Ends the search; the collection is empty again.
   *
   * @throws NotResidentException naming all pages that were missing, when there are any
   */
  public void end() {
    NotResidentException missing = first;
    first = null;
    if (missing != null) {
      throw missing;
    }
  }
}
