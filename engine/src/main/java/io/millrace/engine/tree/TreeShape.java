package io.millrace.engine.tree;

/**
 * Parameters of a {@link PageTree}: what its elements are and when it changes form. Part of the
 * format of stored trees only as far as {@code keyed}: the limits may differ between runs.
 *
 * @param keyed true when elements are addressed by key, false when by rank only (a list)
 * @param pageBytes size a page may reach before it is split; an element that is larger gets a page
 *     of its own
 * @param inlineBytes most bytes of a tree that lives inside its owner's value
 * @param inlineCount most elements of a tree that lives inside its owner's value
 */
public record TreeShape(boolean keyed, int pageBytes, int inlineBytes, int inlineCount) {
  static final int SMALLEST_PAGE = 64;
  private static final int LARGEST_PAGE = 32768;

  /** Checks the limits. */
  public TreeShape {
    if (pageBytes < SMALLEST_PAGE || pageBytes > LARGEST_PAGE) {
      throw new IllegalArgumentException(
          "page size out of range 64..32768: pageBytes=" + pageBytes);
    }
    if (inlineBytes < 0 || inlineBytes > LARGEST_PAGE) {
      throw new IllegalArgumentException("out of range 0..32768: inlineBytes=" + inlineBytes);
    }
    if (inlineCount < 0 || inlineCount > 0xFFFF) {
      throw new IllegalArgumentException("out of range 0..65535: inlineCount=" + inlineCount);
    }
  }

  /** A tree ordered by key bytes. */
  public static TreeShape keyed(int pageBytes, int inlineBytes, int inlineCount) {
    return new TreeShape(true, pageBytes, inlineBytes, inlineCount);
  }

  /** A tree without keys. */
  public static TreeShape positional(int pageBytes, int inlineBytes, int inlineCount) {
    return new TreeShape(false, pageBytes, inlineBytes, inlineCount);
  }
}
