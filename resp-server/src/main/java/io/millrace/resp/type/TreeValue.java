package io.millrace.resp.type;

import io.millrace.engine.state.HotPath;
import io.millrace.engine.state.Ref;
import io.millrace.engine.state.TaskState;
import io.millrace.engine.tree.PageTree;
import io.millrace.engine.tree.TreeShape;
import io.millrace.resp.keyspace.Database;
import io.millrace.resp.keyspace.Key;
import org.jspecify.annotations.Nullable;

/**
 * A value that is one page tree behind a fixed header, as a reusable view of one key at a time. The
 * first header byte is the version of the layout.
 */
@HotPath(benchmark = "KeyspaceBenchmark")
public final class TreeValue {
  private final int kind;
  private final TreeShape shape;
  private final byte[] header;
  private @Nullable PageTree tree;

  /**
   * Creates a view.
   *
   * @param kind kind tag of new values
   * @param header header of new values
   */
  public TreeValue(int kind, TreeShape shape, byte[] header) {
    this.kind = kind;
    this.shape = shape;
    this.header = header.clone();
  }

  /** The tree of an existing key of this type. */
  public PageTree open(Key key) {
    return open(key.task(), key.database(), key.ref);
  }

  /** The tree in a found entry. */
  public PageTree open(TaskState task, Database database, Ref value) {
    var bound = tree;
    if (bound == null) {
      bound = new PageTree(shape);
      tree = bound;
    }
    bound.bind(task, database.pages(), value, header.length);
    return bound;
  }

  /** The tree of a key of this type or of no value yet, which then gets an empty one. */
  public PageTree openOrCreate(Key key) {
    if (!key.found()) {
      key.put(kind, 0, header, 0, header.length);
    }
    return open(key);
  }

  /** Ends a change: the key of an empty tree is removed. */
  public static void changed(Key key, PageTree tree) {
    if (tree.size() == 0) {
      key.deleteAloud();
    } else {
      key.changed();
    }
  }

  /** Frees the pages of a value that is about to go. */
  void free(TaskState task, Database database, Ref value) {
    PageTree doomed = open(task, database, value);
    if (!doomed.isInline()) {
      database.discard(task, doomed);
    }
  }

  /** Copies a value to a key that does not exist. */
  static void copy(TreeValue from, TreeValue to, Key source, Key target, long expireAtMs) {
    PageTree tree = from.open(source);
    if (tree.isInline()) {
      target.put(source.ref.kind, expireAtMs, source.ref.copyValue(), 0, source.ref.length);
      return;
    }
    target.put(source.ref.kind, expireAtMs, source.ref.copyValue(), 0, from.header.length);
    tree.copyTo(to.open(target));
  }
}
