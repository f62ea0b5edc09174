package io.millrace.resp.command.list;

import io.millrace.engine.tree.PageTree;
import io.millrace.resp.protocol.ReplyWriter;

/** What the popping and moving commands do to the ends of a list. */
final class ListEnds {
  private ListEnds() {}

  /** Writes the n elements at an end, from the end inwards, and removes them. */
  static void pop(PageTree tree, int n, boolean first, ReplyWriter reply) {
    var cursor = tree.cursor();
    boolean on = first ? cursor.seekFirst() : cursor.seekLast();
    for (int i = 0; on && i < n; i++) {
      reply.bulk(cursor.array(), cursor.valueOffset(), cursor.valueLength());
      if (i + 1 < n) {
        on = first ? cursor.next() : cursor.previous();
      }
    }
    long size = tree.size();
    if (n == 1) {
      tree.removeFound();
    } else if (first) {
      tree.removeRange(0, n);
    } else {
      tree.removeRange(size - n, size);
    }
  }

  /** A copy of the element at an end. */
  static byte[] peek(PageTree tree, boolean first) {
    tree.findAt(first ? 0 : tree.size() - 1);
    var copy = new byte[tree.valueLength()];
    System.arraycopy(tree.array(), tree.valueOffset(), copy, 0, copy.length);
    return copy;
  }

  /** Adds an element at an end. */
  static void push(PageTree tree, byte[] element, boolean first) {
    if (first) {
      tree.pushFirst(element, 0, element.length);
    } else {
      tree.pushLast(element, 0, element.length);
    }
  }
}
