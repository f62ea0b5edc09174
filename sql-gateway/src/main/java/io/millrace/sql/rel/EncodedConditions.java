package io.millrace.sql.rel;

import io.millrace.engine.table.ColumnType;
import io.millrace.engine.table.Table;
import io.millrace.sql.exec.scan.EncodedCondition;
import io.millrace.sql.exec.scan.EncodedCondition.Kind;
import io.millrace.sql.expr.Expr;
import io.millrace.sql.expr.ExprCompiler;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlLikeOperator;
import org.jspecify.annotations.Nullable;

/** Finds the conditions on one column that the encoded row can answer. */
final class EncodedConditions {
  private static final int MAX_IN = 32;

  private final PlanBuilder builder;
  private final Table table;

  EncodedConditions(PlanBuilder builder, Table table) {
    this.builder = builder;
    this.table = table;
  }

  /** The condition in encoded form, or null. */
  @Nullable EncodedCondition match(RexNode node) {
    if (node instanceof RexInputRef ref && type(ref) == ColumnType.BOOLEAN) {
      return new EncodedCondition(Kind.TRUE, ref.getIndex(), ColumnType.BOOLEAN, List.of());
    }
    if (!(node instanceof RexCall call)) {
      return null;
    }
    return switch (call.getKind()) {
      case NOT -> negated(call);
      case IS_NULL, IS_NOT_NULL -> nullTest(call);
      case EQUALS, NOT_EQUALS, LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL ->
          comparison(call);
      case LIKE -> like(call);
      case OR -> anyOf(call);
      case SEARCH -> points(call);
      default -> null;
    };
  }

  private ColumnType type(RexInputRef ref) {
    return table.columns().get(ref.getIndex()).type();
  }

  private @Nullable EncodedCondition negated(RexCall call) {
    return call.getOperands().get(0) instanceof RexInputRef ref && type(ref) == ColumnType.BOOLEAN
        ? new EncodedCondition(Kind.FALSE, ref.getIndex(), ColumnType.BOOLEAN, List.of())
        : null;
  }

  private @Nullable EncodedCondition nullTest(RexCall call) {
    return call.getOperands().get(0) instanceof RexInputRef ref
        ? new EncodedCondition(
            call.getKind() == SqlKind.IS_NULL ? Kind.IS_NULL : Kind.NOT_NULL,
            ref.getIndex(),
            type(ref),
            List.of())
        : null;
  }

  private @Nullable EncodedCondition comparison(RexCall call) {
    var left = plain(call.getOperands().get(0));
    var right = plain(call.getOperands().get(1));
    if (left != null && ExprCompiler.rowFree(call.getOperands().get(1))) {
      return compared(call.getKind(), left, call.getOperands().get(1));
    }
    if (right != null && ExprCompiler.rowFree(call.getOperands().get(0))) {
      return compared(call.getKind().reverse(), right, call.getOperands().get(0));
    }
    return null;
  }

  /** The column, also behind a cast that changes no order. */
  private @Nullable RexInputRef plain(RexNode node) {
    if (node instanceof RexCall cast
        && cast.getKind() == SqlKind.CAST
        && cast.getOperands().get(0) instanceof RexInputRef ref
        && ScanPlanner.widens(cast)) {
      return ref;
    }
    return node instanceof RexInputRef ref ? ref : null;
  }

  private @Nullable EncodedCondition compared(SqlKind kind, RexInputRef column, RexNode value) {
    var wanted =
        switch (kind) {
          case EQUALS -> Kind.EQ;
          case NOT_EQUALS -> Kind.NE;
          case LESS_THAN -> Kind.LT;
          case LESS_THAN_OR_EQUAL -> Kind.LE;
          case GREATER_THAN -> Kind.GT;
          default -> Kind.GE;
        };
    return type(column) == ColumnType.JSON
        ? null
        : new EncodedCondition(
            wanted, column.getIndex(), type(column), List.of(builder.compiler().compile(value)));
  }

  private @Nullable EncodedCondition like(RexCall call) {
    var operator = (SqlLikeOperator) call.getOperator();
    return call.getOperands().get(0) instanceof RexInputRef ref
            && type(ref) == ColumnType.TEXT
            && call.getOperands().size() == 2
            && operator.isCaseSensitive()
            && !operator.isNegated()
            && !operator.getName().contains("SIMILAR")
            && ExprCompiler.rowFree(call.getOperands().get(1))
        ? new EncodedCondition(
            Kind.LIKE,
            ref.getIndex(),
            ColumnType.TEXT,
            List.of(builder.compiler().compile(call.getOperands().get(1))))
        : null;
  }

  /** {@code a = 1 OR a = 2}. */
  private @Nullable EncodedCondition anyOf(RexCall call) {
    if (call.getOperands().size() > MAX_IN) {
      return null;
    }
    var values = new ArrayList<Expr>();
    EncodedCondition first = null;
    for (var part : call.getOperands()) {
      var single = match(part);
      if (single == null
          || (single.kind() != Kind.EQ && single.kind() != Kind.IN)
          || (first != null && first.column() != single.column())) {
        return null;
      }
      first = single;
      values.addAll(single.values());
    }
    return first == null
        ? null
        : new EncodedCondition(Kind.IN, first.column(), first.type(), values);
  }

  private @Nullable EncodedCondition points(RexCall call) {
    var expanded = RexUtil.expandSearch(builder.rex(), null, call);
    return expanded.getKind() == SqlKind.OR ? match(expanded) : null;
  }
}
