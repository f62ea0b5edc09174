package io.millrace.engine.internal.plan;

import io.millrace.engine.internal.codec.ValueCodec;
import io.millrace.engine.path.Navigator;
import io.millrace.engine.state.HotPath;
import io.millrace.engine.tree.PageTree;
import java.util.ArrayList;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/**
 * Runs plans that read: goes down the trees of a pstate without decoding what it passes, and leaves
 * the rest of the path to the {@link Interpreter} where a value is no tree. Each method returns
 * false when the receiver has had enough.
 */
@HotPath(benchmark = "PathBenchmark")
final class PlanReader {
  private static final byte[] ABSENT = {};
  private static final byte[] ROOT_ROW = ValueCodec.referenceRow(SubindexTrees.ROOT);

  private final SubindexTrees parts;

  PlanReader(SubindexTrees parts) {
    this.parts = parts;
  }

  boolean root(SchemaNode root, PathPlan plan, PathSink hits) {
    if (root.tree) {
      return value(plan, 0, root, ROOT_ROW, 0, ROOT_ROW.length, hits);
    }
    var row = parts.rootRow();
    return row == null
        ? value(plan, 0, root, ABSENT, 0, 0, hits)
        : value(plan, 0, root, row.array, row.offset, row.length, hits);
  }

  /** Reads from a row; of length 0 when there is none. */
  private boolean value(
      PathPlan plan, int i, SchemaNode node, byte[] row, int offset, int length, PathSink hits) {
    if (length == 0 || row[offset] < 0) {
      return Interpreter.select(plan, i, null, hits);
    }
    if (i == plan.steps.length) {
      return hits.hit(parts.decode(node, row, offset, length));
    }
    var step = plan.steps[i];
    if (node.isRecord() && step.field() >= 0) {
      return field(plan, i, node, row, offset, length, hits);
    }
    if (!node.parts) {
      return Interpreter.select(plan, i, parts.decode(node, row, offset, length), hits);
    }
    return switch (step.navigator()) {
      case Navigator.Stay() -> value(plan, i + 1, node, row, offset, length, hits);
      case Navigator.Multi _ -> {
        for (var branch : step.branches()) {
          if (!value(branch, 0, node, row, offset, length, hits)) {
            yield false;
          }
        }
        yield true;
      }
      case Navigator.Selected(_, var wanted) ->
          leads(step.branches().getFirst(), node, row, offset, length) != wanted
              || value(plan, i + 1, node, row, offset, length, hits);
      case Navigator.Subselect _ -> {
        var found = new ArrayList<@Nullable Object>();
        value(step.branches().getFirst(), 0, node, row, offset, length, found::add);
        yield Interpreter.select(plan, i + 1, Collections.unmodifiableList(found), hits);
      }
      case Navigator.Compare _, Navigator.Where _, Navigator.NullTo _, Navigator.View _ ->
          Interpreter.select(plan, i, parts.decode(node, row, offset, length), hits);
      default -> tree(plan, i, node, ValueCodec.reference(row, offset + 1), hits);
    };
  }

  boolean leads(PathPlan plan, SchemaNode node, byte[] row, int offset, int length) {
    return !value(plan, 0, node, row, offset, length, _ -> false);
  }

  private boolean field(
      PathPlan plan, int i, SchemaNode node, byte[] row, int offset, int length, PathSink hits) {
    var step = plan.steps[i];
    var f = step.field();
    var format = node.recordCodec().format();
    if (format.isNull(row, offset, f)) {
      return step.navigator() instanceof Navigator.Must
          || Interpreter.select(plan, i + 1, null, hits);
    }
    var field = node.fields[f];
    if (!field.parts) {
      var value = node.recordCodec().field(row, offset, length, f, parts);
      return Interpreter.select(plan, i + 1, value, hits);
    }
    var start = format.start(row, offset, f);
    if (field.tree) {
      var reference = ValueCodec.referenceRow(ValueCodec.reference(row, start));
      return value(plan, i + 1, field, reference, 0, reference.length, hits);
    }
    var end = format.end(row, offset, offset + length, f);
    return value(plan, i + 1, field, row, start, end - start, hits);
  }

  private boolean tree(PathPlan plan, int i, SchemaNode node, long number, PathSink hits) {
    var part = parts.open(node, number);
    if (part == null) {
      return Interpreter.select(plan, i, SubindexTrees.empty(node), hits);
    }
    var more = inside(plan, i, node, part.tree, hits);
    parts.close();
    return more;
  }

  private boolean inside(PathPlan plan, int i, SchemaNode node, PageTree tree, PathSink hits) {
    var step = plan.steps[i];
    return switch (step.navigator()) {
      case Navigator.Key _ ->
          find(tree, step)
              ? element(plan, i + 1, node, tree, hits)
              : Interpreter.select(plan, i + 1, null, hits);
      case Navigator.Must _ -> !find(tree, step) || element(plan, i + 1, node, tree, hits);
      case Navigator.MapKey(var key) ->
          !find(tree, step) || Interpreter.select(plan, i + 1, key, hits);
      case Navigator.SetElem(var element) ->
          !find(tree, step) || Interpreter.select(plan, i + 1, element, hits);
      case Navigator.Contains _ when !node.isList() ->
          Interpreter.select(plan, i + 1, find(tree, step), hits);
      case Navigator.Nth(var index) -> one(plan, i, node, tree, index, hits);
      case Navigator.First() -> one(plan, i, node, tree, 0, hits);
      case Navigator.Last() -> one(plan, i, node, tree, tree.size() - 1, hits);
      case Navigator.All(), Navigator.MapVals(), Navigator.MapKeys() ->
          each(plan, i, node, tree, Span.all(tree), hits);
      case Navigator.Count() -> Interpreter.select(plan, i + 1, tree.size(), hits);
      case Navigator.SortedRange _ -> range(plan, i, node, tree, hits);
      default -> Interpreter.select(plan, i, parts.load(node, tree, 0, tree.size()), hits);
    };
  }

  private boolean find(PageTree tree, PlanStep step) {
    parts.io.read();
    var key = java.util.Objects.requireNonNull(step.key());
    return tree.find(key, 0, key.length);
  }

  /** Reads on from the current element of a map or list. */
  private boolean element(PathPlan plan, int i, SchemaNode node, PageTree tree, PathSink hits) {
    return value(
        plan, i, node.element(), tree.array(), tree.valueOffset(), tree.valueLength(), hits);
  }

  private boolean one(
      PathPlan plan, int i, SchemaNode node, PageTree tree, long rank, PathSink hits) {
    parts.io.read();
    return !tree.findAt(rank) || current(plan, i, node, tree, hits);
  }

  /** Reads on from the current element as a step over elements sees it. */
  private boolean current(PathPlan plan, int i, SchemaNode node, PageTree tree, PathSink hits) {
    var step = plan.steps[i].navigator();
    if (node.isList() || step instanceof Navigator.MapVals) {
      return element(plan, i + 1, node, tree, hits);
    }
    var key = node.keys().decode(tree.array(), tree.keyOffset(), tree.keyLength());
    if (node.isSet() || step instanceof Navigator.MapKeys) {
      return Interpreter.select(plan, i + 1, key, hits);
    }
    var value = parts.decode(node.element(), tree.array(), tree.valueOffset(), tree.valueLength());
    return Interpreter.select(plan, i + 1, Interpreter.pair(key, value), hits);
  }

  private boolean each(
      PathPlan plan, int i, SchemaNode node, PageTree tree, Span span, PathSink hits) {
    parts.io.iterator();
    for (var rank = span.from(); rank < span.to(); rank++) {
      parts.step(tree, rank, span.from());
      if (!current(plan, i, node, tree, hits)) {
        return false;
      }
    }
    return true;
  }

  private boolean range(PathPlan plan, int i, SchemaNode node, PageTree tree, PathSink hits) {
    var span = Span.of(tree, plan.steps[i]);
    var next = i + 1 < plan.steps.length ? plan.steps[i + 1].navigator() : null;
    return switch (next) {
      case Navigator.All(), Navigator.MapVals(), Navigator.MapKeys() ->
          each(plan, i + 1, node, tree, span, hits);
      case Navigator.Count() -> Interpreter.select(plan, i + 2, span.size(), hits);
      case Navigator.First() -> span.size() == 0 || one(plan, i + 1, node, tree, span.from(), hits);
      case Navigator.Last() ->
          span.size() == 0 || one(plan, i + 1, node, tree, span.to() - 1, hits);
      case null, default ->
          Interpreter.select(plan, i + 1, parts.load(node, tree, span.from(), span.to()), hits);
    };
  }
}
