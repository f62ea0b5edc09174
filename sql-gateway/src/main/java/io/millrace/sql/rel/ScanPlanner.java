package io.millrace.sql.rel;

import io.millrace.engine.table.ColumnType;
import io.millrace.engine.table.Table;
import io.millrace.sql.exec.PlanNode;
import io.millrace.sql.exec.ProjectNode;
import io.millrace.sql.exec.scan.EncodedCondition;
import io.millrace.sql.exec.scan.KeyBounds;
import io.millrace.sql.exec.scan.ScanNode;
import io.millrace.sql.expr.Expr;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlLikeOperator;
import org.jspecify.annotations.Nullable;

/** Plans one table access: which columns to read, which key bounds, which conditions remain. */
final class ScanPlanner {
  private final PlanBuilder builder;
  private final Table table;
  private @Nullable RexNode condition;

  ScanPlanner(PlanBuilder builder, PStateRels.Scan scan) {
    this.builder = builder;
    this.table = PlanBuilder.table(scan.getTable());
  }

  ScanPlanner where(RexNode filter) {
    condition = filter;
    return this;
  }

  /** Delivers every column. */
  PlanNode all() {
    var columns = new int[table.columns().size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = i;
    }
    return node(columns, columns.length);
  }

  /** Delivers expressions over the columns. */
  PlanNode project(List<RexNode> projects, List<String> names) {
    var wanted = new LinkedHashMap<Integer, Integer>();
    var plain = true;
    for (var project : projects) {
      plain &= project instanceof RexInputRef ref && !wanted.containsKey(ref.getIndex());
      collect(project, wanted);
    }
    var delivered = wanted.size();
    if (condition != null) {
      collect(condition, wanted);
    }
    var columns = wanted.keySet().stream().mapToInt(Integer::intValue).toArray();
    var scan = node(columns, delivered);
    if (plain) {
      return scan;
    }
    var expressions =
        projects.stream().map(project -> builder.compiler().compile(moved(project, wanted)));
    return new ProjectNode(scan, expressions.toList(), String.join(", ", names));
  }

  private static void collect(RexNode node, Map<Integer, Integer> wanted) {
    node.accept(
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef ref) {
            wanted.putIfAbsent(ref.getIndex(), wanted.size());
            return ref;
          }
        });
  }

  private static RexNode moved(RexNode node, Map<Integer, Integer> places) {
    return node.accept(
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef ref) {
            var place = places.get(ref.getIndex());
            return place == null
                ? ref
                : new RexInputRef(java.util.Objects.requireNonNull(place), ref.getType());
          }
        });
  }

  private PlanNode node(int[] columns, int width) {
    if (condition == null) {
      return new ScanNode(table, columns, width, null, null, ScanNode.Encoded.none(null), "");
    }
    var places = new LinkedHashMap<Integer, Integer>();
    for (int i = 0; i < columns.length; i++) {
      places.put(columns[i], i);
    }
    var names = table.columns().stream().map(column -> column.name()).toList();
    var expanded = RexUtil.expandSearch(builder.rex(), null, condition);
    var conjunctions = RelOptUtil.conjunctions(expanded);
    var encoded = encoded(places);
    var scan =
        new ScanNode(
            table,
            columns,
            width,
            bounds(conjunctions),
            builder.compiler().compile(moved(condition, places)),
            encoded,
            RexWords.of(expanded, names));
    return encoded.rest() == null && conjunctions.stream().allMatch(ScanPlanner::plain)
        ? scan.plain()
        : scan;
  }

  /** True for the comparison of a column with a parameter or a literal. */
  private static boolean plain(RexNode node) {
    return node instanceof RexCall call
        && call.isA(SqlKind.COMPARISON)
        && call.getOperands().size() == 2
        && call.getOperands().stream().allMatch(operand -> isPlain(operand, true))
        && call.getOperands().stream().anyMatch(operand -> isPlain(operand, false));
  }

  /**
   * True for a value that is there without being computed, also behind casts whose cost its size
   * bounds; exact numbers are none, as a short one may have very many digits.
   */
  private static boolean isPlain(RexNode node, boolean columnToo) {
    switch (node.getType().getSqlTypeName()) {
      case BOOLEAN, TINYINT, SMALLINT, INTEGER, BIGINT, REAL, FLOAT, DOUBLE -> {}
      case CHAR, VARCHAR, TIMESTAMP -> {}
      default -> {
        return false;
      }
    }
    return switch (node) {
      case RexInputRef column -> columnToo;
      case RexDynamicParam parameter -> true;
      case RexLiteral literal -> true;
      case RexCall cast when cast.getKind() == SqlKind.CAST ->
          isPlain(cast.getOperands().get(0), columnToo);
      default -> false;
    };
  }

  /** Parts the conditions into those the encoded row can answer and the rest. */
  private ScanNode.Encoded encoded(Map<Integer, Integer> places) {
    var matcher = new EncodedConditions(builder, table);
    var found = new ArrayList<EncodedCondition>();
    var rest = new ArrayList<RexNode>();
    for (var part : RelOptUtil.conjunctions(java.util.Objects.requireNonNull(condition))) {
      var whole = matcher.match(part);
      if (whole != null) {
        found.add(whole);
        continue;
      }
      var pieces = RelOptUtil.conjunctions(RexUtil.expandSearch(builder.rex(), null, part));
      for (var piece : pieces) {
        var single = matcher.match(piece);
        if (single != null) {
          found.add(single);
        } else {
          rest.add(moved(piece, places));
        }
      }
    }
    var remaining = RexUtil.composeConjunction(builder.rex(), rest);
    return new ScanNode.Encoded(
        found, rest.isEmpty() ? null : builder.compiler().compile(remaining));
  }

  /** Bounds of the leading key columns, or null when no condition fixes any. */
  private @Nullable KeyBounds bounds(List<RexNode> conjunctions) {
    var key = table.key();
    var equal = new ArrayList<Expr>();
    var types = new ArrayList<ColumnType>();
    for (int column : key) {
      types.add(table.columns().get(column).type());
    }
    for (int column : key) {
      var value = operand(conjunctions, column, SqlKind.EQUALS, SqlKind.EQUALS);
      if (value == null) {
        break;
      }
      equal.add(value);
    }
    if (equal.size() == key.size()) {
      return key.isEmpty() ? null : new KeyBounds(equal, null, null, null, types, true);
    }
    int next = key.get(equal.size());
    var low = operand(conjunctions, next, SqlKind.GREATER_THAN, SqlKind.GREATER_THAN_OR_EQUAL);
    var high = operand(conjunctions, next, SqlKind.LESS_THAN, SqlKind.LESS_THAN_OR_EQUAL);
    var like =
        low == null && high == null && types.get(equal.size()) == ColumnType.TEXT
            ? likePattern(conjunctions, next)
            : null;
    if (equal.isEmpty() && low == null && high == null && like == null) {
      return null;
    }
    return new KeyBounds(equal, low, high, like, types, false);
  }

  /** The other side of a comparison with a column, when it does not depend on the row. */
  private @Nullable Expr operand(
      List<RexNode> conjunctions, int column, SqlKind kind, SqlKind orKind) {
    for (var node : conjunctions) {
      if (node instanceof RexCall call && call.getOperands().size() == 2) {
        var left = call.getOperands().get(0);
        var right = call.getOperands().get(1);
        if (isColumn(left, column)
            && free(right)
            && (call.getKind() == kind || call.getKind() == orKind)) {
          return builder.compiler().compile(right);
        }
        var reversed = call.getKind().reverse();
        if (isColumn(right, column) && free(left) && (reversed == kind || reversed == orKind)) {
          return builder.compiler().compile(left);
        }
      }
    }
    return null;
  }

  /** Bounds may depend on parameters and on outer rows, not on this table's columns. */
  private static boolean free(RexNode node) {
    return RelOptUtil.InputFinder.bits(node).isEmpty();
  }

  private @Nullable Expr likePattern(List<RexNode> conjunctions, int column) {
    for (var node : conjunctions) {
      if (node instanceof RexCall call
          && call.getOperator() instanceof SqlLikeOperator like
          && call.getKind() == SqlKind.LIKE
          && !like.isNegated()
          && like.isCaseSensitive()
          && !like.getName().contains("SIMILAR")
          && call.getOperands().size() == 2
          && isColumn(call.getOperands().get(0), column)
          && free(call.getOperands().get(1))) {
        return builder.compiler().compile(call.getOperands().get(1));
      }
    }
    return null;
  }

  /** True for the column itself, also behind a cast that only widens it. */
  private static boolean isColumn(RexNode node, int column) {
    if (node instanceof RexInputRef ref) {
      return ref.getIndex() == column;
    }
    return node instanceof RexCall call
        && call.getKind() == SqlKind.CAST
        && call.getOperands().get(0) instanceof RexInputRef ref
        && ref.getIndex() == column
        && widens(call);
  }

  static boolean widens(RexCall cast) {
    var from = cast.getOperands().get(0).getType().getSqlTypeName();
    var to = cast.getType().getSqlTypeName();
    return switch (from) {
      case INTEGER ->
          switch (to) {
            case INTEGER, BIGINT, DECIMAL, DOUBLE -> true;
            default -> false;
          };
      case BIGINT ->
          switch (to) {
            case BIGINT, DECIMAL -> true;
            default -> false;
          };
      case VARCHAR -> to == from && cast.getType().getPrecision() < 0;
      default -> false;
    };
  }
}
