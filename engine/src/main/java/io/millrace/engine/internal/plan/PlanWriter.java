package io.millrace.engine.internal.plan;

import io.millrace.engine.internal.codec.ByteWriter;
import io.millrace.engine.internal.codec.ValueCodec;
import io.millrace.engine.path.Navigator;
import io.millrace.engine.path.Terminal;
import io.millrace.engine.state.HotPath;
import io.millrace.engine.tree.PageTree;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Runs plans that write: goes down the trees of a pstate, leaves the rest of the path to the {@link
 * Transformer} where a value is no tree, and puts back what changed. A row in, and out comes the
 * row it becomes, or an {@link WriteOutcome}; a row of length 0 is absent.
 */
@HotPath(benchmark = "PathBenchmark")
final class PlanWriter {
  private static final byte[] ABSENT = {};
  private static final byte[] ROOT_ROW = ValueCodec.referenceRow(SubindexTrees.ROOT);

  private final SubindexTrees parts;
  private final PlanReader reader;
  private final TreeElements elements;

  PlanWriter(SubindexTrees parts, PlanReader reader) {
    this.parts = parts;
    this.reader = reader;
    elements = new TreeElements(parts, this);
  }

  void root(SchemaNode root, PathPlan plan) {
    if (root.tree) {
      value(plan, 0, root, ROOT_ROW, 0, ROOT_ROW.length);
      return;
    }
    var row = parts.rootRow();
    var outcome =
        row == null
            ? value(plan, 0, root, ABSENT, 0, 0)
            : value(plan, 0, root, row.array, row.offset, row.length);
    if (outcome instanceof byte[] changed) {
      parts.rootRow(changed);
    } else if (outcome == WriteOutcome.REMOVED) {
      parts.removeRootRow();
    }
  }

  /** Writes into a row. */
  Object value(PathPlan plan, int i, SchemaNode node, byte[] row, int offset, int length) {
    if (i == plan.steps.length) {
      return terminal(plan, node, row, offset, length);
    }
    var step = plan.steps[i];
    if (step.field() >= 0 && node.isRecord()) {
      return field(plan, i, node, row, offset, length);
    }
    if (!node.parts) {
      var value = parts.decode(node, row, offset, length);
      return encoded(node, Transformer.transform(plan, i, value));
    }
    return switch (step.navigator()) {
      case Navigator.Stay() -> value(plan, i + 1, node, row, offset, length);
      case Navigator.Multi _ -> multi(step, node, row, offset, length);
      case Navigator.Selected(_, var wanted) ->
          reader.leads(step.branches().getFirst(), node, row, offset, length) == wanted
              ? value(plan, i + 1, node, row, offset, length)
              : WriteOutcome.KEPT;
      case Navigator.Compare(var comparison, var other) ->
          Comparing.holds(comparison, parts.decode(node, row, offset, length), other)
              ? value(plan, i + 1, node, row, offset, length)
              : WriteOutcome.KEPT;
      case Navigator.Where(var test) ->
          test.test(parts.decode(node, row, offset, length))
              ? value(plan, i + 1, node, row, offset, length)
              : WriteOutcome.KEPT;
      default -> {
        var number = number(row, offset, length);
        yield reference(number, elements.write(plan, i, node, number));
      }
    };
  }

  private static long number(byte[] row, int offset, int length) {
    return length == 0 || row[offset] < 0
        ? SubindexTrees.NULL
        : ValueCodec.reference(row, offset + 1);
  }

  private static boolean isRoot(SchemaNode node, byte[] row, int offset, int length) {
    return node.tree && number(row, offset, length) == SubindexTrees.ROOT;
  }

  /** The row of a tree after a write: the same unless the tree was made by it. */
  private static Object reference(long before, long after) {
    return after == before ? WriteOutcome.KEPT : ValueCodec.referenceRow(after);
  }

  private Object encoded(SchemaNode node, @Nullable Object outcome) {
    if (outcome instanceof WriteOutcome) {
      return outcome;
    }
    var out = new ByteWriter(64);
    node.codec.encode(outcome, out, parts);
    return out.toBytes();
  }

  private Object terminal(PathPlan plan, SchemaNode node, byte[] row, int offset, int length) {
    if (plan.terminal() instanceof Terminal.Put(var value) && !node.parts) {
      return encoded(node, value);
    }
    if (!node.parts) {
      return encoded(node, Transformer.terminal(plan, parts.decode(node, row, offset, length)));
    }
    return switch (plan.terminal()) {
      case Terminal.Put(var value) -> put(node, value, row, offset, length);
      case Terminal.Update(var function) ->
          put(
              node,
              Transformer.checked(plan, function.apply(parts.decode(node, row, offset, length))),
              row,
              offset,
              length);
      case Terminal.Remove() -> {
        if (isRoot(node, row, offset, length)) {
          empty(node);
        } else {
          parts.dropParts(node, row, offset, length);
        }
        yield WriteOutcome.REMOVED;
      }
      case Terminal.Add(var element) -> {
        var number = number(row, offset, length);
        yield reference(number, elements.add(node, number, node.keys().encode(element)));
      }
      case Terminal.Append(var element) -> push(node, element, row, offset, length, false);
      case Terminal.Prepend(var element) -> push(node, element, row, offset, length, true);
    };
  }

  private Object push(
      SchemaNode node,
      @Nullable Object element,
      byte[] row,
      int offset,
      int length,
      boolean front) {
    var number = number(row, offset, length);
    var bytes = (byte[]) encoded(node.element(), element);
    return reference(number, elements.push(node, number, bytes, front));
  }

  private Object put(SchemaNode node, @Nullable Object value, byte[] row, int offset, int length) {
    if (isRoot(node, row, offset, length)) {
      var content = Objects.requireNonNull(Transformer.notNullOnTop(node, value));
      empty(node);
      var part = parts.openOrCreate(node, SubindexTrees.ROOT);
      parts.fill(node, part, content);
      parts.close();
      return WriteOutcome.KEPT;
    }
    parts.dropParts(node, row, offset, length);
    return encoded(node, value);
  }

  private void empty(SchemaNode root) {
    var part = parts.open(root, SubindexTrees.ROOT);
    if (part != null) {
      parts.clear(root, part.tree);
      parts.close();
    }
  }

  private Object multi(PlanStep step, SchemaNode node, byte[] row, int offset, int length) {
    Object result = WriteOutcome.KEPT;
    var current = row;
    var at = offset;
    var size = length;
    for (var branch : step.branches()) {
      var outcome = value(branch, 0, node, current, at, size);
      if (outcome instanceof byte[] changed) {
        current = changed;
        at = 0;
        size = changed.length;
        result = outcome;
      } else if (outcome == WriteOutcome.REMOVED) {
        size = isRoot(node, current, at, size) ? size : 0;
        result = outcome;
      }
    }
    return result;
  }

  private Object field(PathPlan plan, int i, SchemaNode node, byte[] row, int offset, int length) {
    var step = plan.steps[i];
    var f = step.field();
    var codec = node.recordCodec();
    var format = codec.format();
    var blank = length == 0 || row[offset] < 0;
    var isNull = blank || format.isNull(row, offset, f);
    if (isNull && step.navigator() instanceof Navigator.Must) {
      return WriteOutcome.KEPT;
    }
    var field = node.fields[f];
    Object outcome;
    if (!field.parts) {
      var value = isNull ? null : codec.field(row, offset, length, f, parts);
      var changed = Transformer.transform(plan, i + 1, value);
      if (changed == WriteOutcome.KEPT) {
        return changed;
      }
      outcome = changed == WriteOutcome.REMOVED ? changed : encoded(field, changed);
    } else if (isNull) {
      outcome = value(plan, i + 1, field, ABSENT, 0, 0);
    } else {
      var start = format.start(row, offset, f);
      var reference = field.tree ? ValueCodec.referenceRow(ValueCodec.reference(row, start)) : row;
      outcome =
          field.tree
              ? value(plan, i + 1, field, reference, 0, reference.length)
              : value(
                  plan,
                  i + 1,
                  field,
                  row,
                  start,
                  format.end(row, offset, offset + length, f) - start);
    }
    return withField(step, node, blank ? ABSENT : row, offset, length, outcome);
  }

  private Object withField(
      PlanStep step, SchemaNode node, byte[] row, int offset, int length, Object outcome) {
    if (outcome == WriteOutcome.KEPT) {
      return outcome;
    }
    var codec = node.recordCodec();
    var changed = outcome instanceof byte[] bytes && bytes[0] >= 0 ? bytes : null;
    Transformer.checkField(step, changed);
    var absent = row.length == 0;
    var base = absent ? codec.blank() : row;
    var out = new ByteWriter(length + 32);
    var at = absent ? 0 : offset;
    var size = absent ? base.length : length;
    if (changed == null) {
      codec.withoutField(base, at, size, step.field(), out);
    } else {
      codec.withRow(base, at, size, step.field(), changed, out);
    }
    return out.toBytes();
  }

  /** Writes into the current element of a map or list; its row is a view into the tree. */
  Object element(PathPlan plan, int i, SchemaNode node, PageTree tree) {
    return value(
        plan,
        i,
        Objects.requireNonNull(node.element()),
        tree.array(),
        tree.valueOffset(),
        tree.valueLength());
  }

  /** Writes into an element that is not there. */
  Object absent(PathPlan plan, int i, SchemaNode node) {
    return value(plan, i, node.element(), ABSENT, 0, 0);
  }

  byte[] row(SchemaNode node, @Nullable Object value) {
    return (byte[]) encoded(node, value);
  }
}
