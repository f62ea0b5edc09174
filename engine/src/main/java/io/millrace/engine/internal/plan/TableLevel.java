package io.millrace.engine.internal.plan;

/**
 * One of the nested trees whose elements make the rows of a table.
 *
 * @param tree node of the tree
 * @param fields record fields that lead from the element of the level above (or from the top-level
 *     row) to the tree; none when that element is the tree
 */
record TableLevel(SchemaNode tree, int[] fields) {

  /** Number of key columns this level adds. */
  int keyParts() {
    return tree.isList() ? 1 : tree.keys().parts();
  }
}
