package io.millrace.engine.tree;

/** Receives the leaves of a {@link PageTree} in order. */
@FunctionalInterface
public interface LeafVisitor {
  /**
   * One leaf. The reader is reused between calls; the visitor must not change the tree.
   *
   * @return false to end the visit
   */
  boolean visit(LeafPage leaf);
}
