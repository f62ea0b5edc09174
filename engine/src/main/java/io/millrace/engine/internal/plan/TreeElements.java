package io.millrace.engine.internal.plan;

import io.millrace.engine.internal.codec.Values;
import io.millrace.engine.path.Navigator;
import io.millrace.engine.state.HotPath;
import io.millrace.engine.tree.PageTree;
import java.util.ArrayList;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes into the elements of trees. Each method takes the number of a tree and returns it as it is
 * afterwards: a tree that is not there (number 0) is made when the write puts something in it.
 */
@HotPath(benchmark = "PathBenchmark")
final class TreeElements {
  private static final byte[] NOTHING = {};

  private final SubindexTrees parts;
  private final PlanWriter writer;

  TreeElements(SubindexTrees parts, PlanWriter writer) {
    this.parts = parts;
    this.writer = writer;
  }

  /** Writes through a step that leads into a tree. */
  long write(PathPlan plan, int i, SchemaNode node, long number) {
    var step = plan.steps[i];
    var navigator = step.navigator();
    if (navigator instanceof Navigator.AfterLast || navigator instanceof Navigator.BeforeFirst) {
      var outcome = Transformer.terminal(plan, null);
      var row = writer.row(node.element(), outcome);
      return push(node, number, row, navigator instanceof Navigator.BeforeFirst);
    }
    var part = parts.open(node, number);
    if (part == null) {
      return missing(plan, i, node, number);
    }
    var tree = part.tree;
    switch (navigator) {
      case Navigator.Key _ -> key(plan, i, node, tree);
      case Navigator.Must _ -> {
        if (find(tree, step)) {
          current(plan, i, node, tree);
        }
      }
      case Navigator.MapKey _ -> {
        if (find(tree, step)) {
          removeRun(node, tree, tree.cursor().rank(), 1);
        }
      }
      case Navigator.Nth(var index) -> {
        if (index >= tree.size()) {
          throw Transformer.outside(index, tree.size());
        }
        run(plan, i, node, tree, index, index + 1L);
      }
      case Navigator.First() -> run(plan, i, node, tree, 0, Math.min(1, tree.size()));
      case Navigator.Last() -> run(plan, i, node, tree, Math.max(0, tree.size() - 1), tree.size());
      case Navigator.All(), Navigator.MapVals() -> run(plan, i, node, tree, 0, tree.size());
      case Navigator.SetElem _ -> {
        if (find(tree, step)) {
          var rank = tree.cursor().rank();
          run(plan, i, node, tree, rank, rank + 1);
        }
      }
      case Navigator.MapKeys() -> removeRun(node, tree, 0, tree.size());
      case Navigator.SortedRange _ -> {
        var span = Span.of(tree, step);
        if (i + 1 < plan.steps.length) {
          run(plan, i + 1, node, tree, span.from(), span.to());
        } else {
          removeRun(node, tree, span.from(), span.size());
        }
      }
      default -> throw new IllegalStateException("cannot be written through: " + navigator);
    }
    parts.close();
    return number;
  }

  /** Writes into a tree that is not there. */
  private long missing(PathPlan plan, int i, SchemaNode node, long number) {
    var step = plan.steps[i];
    if (step.navigator() instanceof Navigator.Nth(var index)) {
      throw Transformer.outside(index, 0);
    }
    if (!(step.navigator() instanceof Navigator.Key)
        || !(writer.absent(plan, i + 1, node) instanceof byte[] row)) {
      return number;
    }
    var part = parts.openOrCreate(node, number);
    parts.put(part.tree, Objects.requireNonNull(step.key()), row, row.length);
    parts.close();
    return part.number;
  }

  /** Adds an element to a set. */
  long add(SchemaNode node, long number, byte[] element) {
    var part = parts.openOrCreate(node, number);
    parts.io.write();
    part.tree.putIfAbsent(element, 0, element.length, NOTHING, 0, 0);
    parts.close();
    return part.number;
  }

  /** Adds an element to an end of a list. */
  long push(SchemaNode node, long number, byte[] row, boolean front) {
    var part = parts.openOrCreate(node, number);
    parts.io.write();
    if (front) {
      part.tree.pushFirst(row, 0, row.length);
    } else {
      part.tree.pushLast(row, 0, row.length);
    }
    parts.close();
    return part.number;
  }

  private boolean find(PageTree tree, PlanStep step) {
    parts.io.read();
    var key = Objects.requireNonNull(step.key());
    return tree.find(key, 0, key.length);
  }

  private void key(PathPlan plan, int i, SchemaNode node, PageTree tree) {
    var step = plan.steps[i];
    if (find(tree, step)) {
      current(plan, i, node, tree);
    } else if (writer.absent(plan, i + 1, node) instanceof byte[] row) {
      parts.put(tree, Objects.requireNonNull(step.key()), row, row.length);
    }
  }

  /** Writes into the current element; returns true when it is gone. */
  private boolean current(PathPlan plan, int i, SchemaNode node, PageTree tree) {
    var outcome = writer.element(plan, i + 1, node, tree);
    if (outcome instanceof byte[] row) {
      parts.io.write();
      tree.setFound(row, 0, row.length);
    } else if (outcome == WriteOutcome.REMOVED) {
      parts.io.write();
      tree.removeFound();
      return true;
    }
    return false;
  }

  private void removeRun(SchemaNode node, PageTree tree, long from, long count) {
    parts.dropElements(node, tree, from, from + count);
    if (count > 0) {
      parts.io.write();
      tree.removeRange(from, from + count);
    }
  }

  private void run(PathPlan plan, int i, SchemaNode node, PageTree tree, long from, long to) {
    parts.io.iterator();
    if (node.isSet()) {
      elements(plan, i, node, tree, from, to);
      return;
    }
    var rank = from;
    for (var left = to - from; left > 0; left--) {
      parts.io.step();
      if (!tree.findAt(rank)) {
        throw new IllegalStateException("tree ends early: rank=" + rank);
      }
      rank += current(plan, i, node, tree) ? 0 : 1;
    }
  }

  /** Writes through elements of a set: what they become takes their place. */
  private void elements(PathPlan plan, int i, SchemaNode node, PageTree tree, long from, long to) {
    var removed = new ArrayList<byte[]>();
    var added = new ArrayList<byte[]>();
    for (var rank = from; rank < to; rank++) {
      parts.step(tree, rank, from);
      var element = node.keys().decode(tree.array(), tree.keyOffset(), tree.keyLength());
      @Nullable Object outcome = Transformer.transform(plan, i + 1, element);
      if (outcome != WriteOutcome.KEPT) {
        removed.add(node.keys().encode(element));
        if (outcome != WriteOutcome.REMOVED) {
          added.add(node.keys().encode(Values.normalizeKey(node.keySchema(), outcome)));
        }
      }
    }
    for (var key : removed) {
      parts.io.write();
      tree.remove(key, 0, key.length);
    }
    for (var key : added) {
      parts.put(tree, key, NOTHING, 0);
    }
  }
}
