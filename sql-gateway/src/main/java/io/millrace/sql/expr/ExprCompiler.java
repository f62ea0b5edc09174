package io.millrace.sql.expr;

import io.millrace.sql.run.ExecContext;
import io.millrace.sql.types.PgDateTime;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUnknownAs;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.rex.RexVisitorImpl;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlLikeOperator;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.util.NlsString;
import org.apache.calcite.util.Sarg;
import org.jspecify.annotations.Nullable;

/**
 * Turns row expressions into {@link Expr}. One compiler serves one plan: it hands out the slots in
 * which an execution keeps the parts that do not depend on the row.
 */
public final class ExprCompiler {
  /** An expression we cannot compute; the node goes to the fallback. */
  private static final class Unsupported extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unsupported(String what) {
      super(what, null, false, false);
    }
  }

  private static final long DAY_MS = 86_400_000L;

  private final RexBuilder rex;
  private int slots;

  /** A compiler for one plan. */
  public ExprCompiler(RexBuilder rex) {
    this.rex = rex;
  }

  /** True when the expression can be compiled. */
  public static boolean supports(RexBuilder rex, RexNode node) {
    try {
      new ExprCompiler(rex).compile(node);
      return true;
    } catch (Unsupported missing) {
      return false;
    }
  }

  /** A new slot number. */
  public int newSlot() {
    return slots++;
  }

  /** Compiles; throws an unchecked exception for what {@link #supports} denies. */
  public Expr compile(RexNode node) {
    return switch (node) {
      case RexInputRef ref -> new Exprs.Column(ref.getIndex());
      case RexLiteral literal -> new Exprs.Constant(value(literal));
      case RexDynamicParam parameter -> new Exprs.Parameter(parameter.getIndex());
      case RexFieldAccess access -> correlation(access);
      case RexCall call -> hoisted(call);
      default -> throw new Unsupported(node.toString());
    };
  }

  private Expr correlation(RexFieldAccess access) {
    if (access.getReferenceExpr() instanceof RexCorrelVariable outer) {
      var id = outer.id.getId();
      var index = access.getField().getIndex();
      return (row, ctx) -> ctx.correlation(id)[index];
    }
    throw new Unsupported(access.toString());
  }

  private Expr hoisted(RexCall call) {
    var compiled = call(call);
    return rowFree(call) ? new Exprs.Memo(newSlot(), compiled) : compiled;
  }

  /** True when the value is the same for all rows of an execution. */
  public static boolean rowFree(RexNode node) {
    var found = new boolean[1];
    node.accept(
        new RexVisitorImpl<Void>(true) {
          @Override
          public Void visitInputRef(RexInputRef ref) {
            found[0] = true;
            return super.visitInputRef(ref);
          }

          @Override
          public Void visitCorrelVariable(RexCorrelVariable variable) {
            found[0] = true;
            return super.visitCorrelVariable(variable);
          }
        });
    return !found[0];
  }

  private Expr call(RexCall call) {
    if (call.getOperator() instanceof ScalarFunction function) {
      return new Exprs.Function(function, compileAll(call.getOperands()));
    }
    if (call.getOperator() instanceof ArrayComparison comparison) {
      var array = call.getOperands().get(1);
      return comparison.compile(
          operand(call, 0),
          call.getOperands().get(0).getType(),
          compile(array),
          rowFree(array) ? newSlot() : -1,
          (value, pattern) -> new Exprs.Regex(value, pattern, comparison.ignoreCase()));
    }
    if (call.getOperator() instanceof FallbackFunction ours) {
      return new Exprs.Function(ours.scalar(), compileAll(call.getOperands()));
    }
    return switch (call.getKind()) {
      case AND -> new Exprs.And(compileAll(call.getOperands()));
      case OR -> new Exprs.Or(compileAll(call.getOperands()));
      case NOT, IS_NULL, IS_NOT_NULL, IS_TRUE, IS_FALSE, IS_NOT_TRUE, IS_NOT_FALSE ->
          new Exprs.Truth(call.getKind(), operand(call, 0));
      case EQUALS, NOT_EQUALS, LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL ->
          Comparison.of(call.getKind(), operand(call, 0), operand(call, 1));
      case IS_DISTINCT_FROM, IS_NOT_DISTINCT_FROM ->
          new Exprs.Distinct(
              call.getKind() == SqlKind.IS_DISTINCT_FROM, operand(call, 0), operand(call, 1));
      case SEARCH -> search(call);
      case PLUS, MINUS, TIMES, DIVIDE, MOD -> arithmetic(call);
      case MINUS_PREFIX -> Arithmetic.negate(call.getType().getSqlTypeName(), operand(call, 0));
      case PLUS_PREFIX -> operand(call, 0);
      case CASE -> new Exprs.Case(compileAll(call.getOperands()));
      case COALESCE -> new Exprs.Coalesce(compileAll(call.getOperands()));
      case CAST, SAFE_CAST -> cast(call);
      case LIKE -> like(call);
      case POSIX_REGEX_CASE_SENSITIVE, POSIX_REGEX_CASE_INSENSITIVE -> regex(call);
      case EXTRACT -> extract(call);
      case FLOOR, CEIL -> floor(call);
      case TRIM -> trim(call);
      case POSITION, OTHER_FUNCTION, OTHER, CHAR_LENGTH, CONCAT2, REINTERPRET -> named(call);
      default -> named(call);
    };
  }

  private List<Expr> compileAll(List<RexNode> nodes) {
    var compiled = new ArrayList<Expr>(nodes.size());
    for (var node : nodes) {
      compiled.add(compile(node));
    }
    return compiled;
  }

  private Expr operand(RexCall call, int index) {
    return compile(call.getOperands().get(index));
  }

  private Expr cast(RexCall call) {
    var from = call.getOperands().get(0).getType();
    var to = call.getType();
    var inner = operand(call, 0);
    if (sameCarrier(from, to)) {
      return inner;
    }
    if (SqlTypeUtil.isInterval(from) && SqlTypeUtil.isCharacter(to)) {
      var months = from.getSqlTypeName().isYearMonth();
      return (row, ctx) -> {
        var value = inner.eval(row, ctx);
        return value == null ? null : PgDateTime.interval(((Number) value).longValue(), months);
      };
    }
    if (SqlTypeUtil.isInterval(to) || SqlTypeUtil.isInterval(from) || to.isStruct()) {
      throw new Unsupported(call.toString());
    }
    return (row, ctx) -> {
      var value = inner.eval(row, ctx);
      return value == null ? null : Casts.cast(value, from, to);
    };
  }

  private static boolean sameCarrier(RelDataType from, RelDataType to) {
    if (from.getSqlTypeName() == SqlTypeName.NULL || to.getSqlTypeName() == SqlTypeName.ANY) {
      return true;
    }
    if (SqlTypeUtil.isCharacter(from) && SqlTypeUtil.isCharacter(to)) {
      return to.getPrecision() < 0
          || (from.getPrecision() >= 0 && from.getPrecision() <= to.getPrecision());
    }
    return from.getSqlTypeName() == to.getSqlTypeName()
        && from.getSqlTypeName() != SqlTypeName.DECIMAL;
  }

  private Expr arithmetic(RexCall call) {
    var left = call.getOperands().get(0).getType();
    var right = call.getOperands().get(1).getType();
    if (SqlTypeUtil.isDatetime(left)
        && SqlTypeUtil.isInterval(right)
        && left.getSqlTypeName() == SqlTypeName.TIMESTAMP) {
      return Arithmetic.shift(
          operand(call, 0),
          operand(call, 1),
          right.getSqlTypeName().isYearMonth(),
          call.getKind() == SqlKind.MINUS || call.getOperator().getName().equals("-"));
    }
    if (SqlTypeUtil.isDatetime(left) || SqlTypeUtil.isInterval(left)) {
      throw new Unsupported(call.toString());
    }
    return Arithmetic.of(
        call.getKind(), call.getType().getSqlTypeName(), operand(call, 0), operand(call, 1));
  }

  private Expr like(RexCall call) {
    var operator = (SqlLikeOperator) call.getOperator();
    var escape = call.getOperands().size() > 2 ? operand(call, 2) : null;
    if (operator.getName().contains("SIMILAR")) {
      var similar = new Exprs.Similar(operand(call, 0), operand(call, 1), escape);
      return operator.isNegated() ? new Exprs.Truth(SqlKind.NOT, similar) : similar;
    }
    var like =
        new Exprs.Like(
            operand(call, 0),
            operand(call, 1),
            escape,
            !operator.isCaseSensitive(),
            rowFree(call.getOperands().get(1)) ? newSlot() : -1);
    return operator.isNegated() ? new Exprs.Truth(SqlKind.NOT, like) : like;
  }

  private Expr regex(RexCall call) {
    var name = call.getOperator().getName();
    var ignoreCase = call.getKind() == SqlKind.POSIX_REGEX_CASE_INSENSITIVE;
    var match = new Exprs.Regex(operand(call, 0), operand(call, 1), ignoreCase);
    return name.startsWith("NEGATED") ? new Exprs.Truth(SqlKind.NOT, match) : match;
  }

  private Expr extract(RexCall call) {
    var unit = String.valueOf(((RexLiteral) call.getOperands().get(0)).getValue());
    var type = call.getOperands().get(1).getType().getSqlTypeName();
    if (type != SqlTypeName.TIMESTAMP && type != SqlTypeName.DATE) {
      throw new Unsupported(call.toString());
    }
    var scale = type == SqlTypeName.DATE ? 86_400_000L : 1L;
    var moment = operand(call, 1);
    return (row, ctx) -> {
      var value = moment.eval(row, ctx);
      return value == null
          ? null
          : (Object) (long) DateParts.part(unit, ((Number) value).longValue() * scale);
    };
  }

  private Expr floor(RexCall call) {
    if (call.getOperands().size() != 1) {
      throw new Unsupported(call.toString());
    }
    return Arithmetic.floor(call.getKind() == SqlKind.CEIL, operand(call, 0));
  }

  private Expr trim(RexCall call) {
    var flag = String.valueOf(((RexLiteral) call.getOperands().get(0)).getValue());
    var start = !flag.equals("TRAILING");
    var end = !flag.equals("LEADING");
    var chars = operand(call, 1);
    var text = operand(call, 2);
    return (row, ctx) -> {
      var from = text.eval(row, ctx);
      var cut = chars.eval(row, ctx);
      return from == null || cut == null
          ? null
          : PgFunctions.trim(from.toString(), cut.toString(), start, end);
    };
  }

  private Expr named(RexCall call) {
    if (call.getOperands().isEmpty()) {
      return niladic(call);
    }
    if (call.getKind() == SqlKind.POSITION && call.getOperands().size() == 2) {
      return position(operand(call, 0), operand(call, 1));
    }
    var standard =
        StandardFunctions.find(
            call.getOperator().getName().toUpperCase(Locale.ROOT), call.getOperands().size());
    if (standard == null) {
      throw new Unsupported(call.toString());
    }
    return new Exprs.Strict(standard, compileAll(call.getOperands()));
  }

  private static Expr position(Expr part, Expr text) {
    return (row, ctx) -> {
      var wanted = part.eval(row, ctx);
      var in = text.eval(row, ctx);
      return wanted == null || in == null
          ? null
          : (Object) (TextSearch.indexOf(in.toString(), wanted.toString(), 0, ctx) + 1);
    };
  }

  private static Expr niladic(RexCall call) {
    return switch (call.getOperator().getName().toUpperCase(Locale.ROOT)) {
      case "CURRENT_TIMESTAMP", "LOCALTIMESTAMP" -> (row, ctx) -> ctx.nowMs();
      case "CURRENT_DATE" -> (row, ctx) -> (int) Math.floorDiv(ctx.nowMs(), DAY_MS);
      case "CURRENT_TIME", "LOCALTIME" -> (row, ctx) -> (int) Math.floorMod(ctx.nowMs(), DAY_MS);
      case "CURRENT_USER", "SESSION_USER", "USER", "SYSTEM_USER" ->
          (row, ctx) -> ctx.session().user();
      case "CURRENT_CATALOG" -> new Exprs.Constant("millrace");
      case "CURRENT_SCHEMA" -> new Exprs.Constant("public");
      default -> throw new Unsupported(call.toString());
    };
  }

  /** Membership in ranges or points. */
  private Expr search(RexCall call) {
    var literal = (RexLiteral) call.getOperands().get(1);
    var sarg = literal.getValueAs(Sarg.class);
    if (sarg == null) {
      throw new Unsupported(call.toString());
    }
    var negated = sarg.isComplementedPoints();
    if (!negated && !sarg.isPoints() || sarg.pointCount > 0 && sarg.pointCount < 3) {
      return compile(RexUtil.expandSearch(rex, null, call));
    }
    var type = call.getOperands().get(0).getType();
    var points = points(negated ? sarg.negate() : sarg, literal.getType(), type);
    return new Exprs.InSet(
        operand(call, 0), points, negated, nullAnswer(sarg.nullAs), type.getSqlTypeName());
  }

  private static @Nullable Boolean nullAnswer(RexUnknownAs nullAs) {
    return switch (nullAs) {
      case TRUE -> true;
      case FALSE -> false;
      case UNKNOWN -> null;
    };
  }

  /** The points of a Sarg in carrier form. */
  @SuppressWarnings({"rawtypes", "unchecked"})
  public Set<Object> points(Sarg sarg, RelDataType literalType, RelDataType type) {
    var found = new HashSet<Object>();
    for (var range : (Iterable<com.google.common.collect.Range>) sarg.rangeSet.asRanges()) {
      var literal = (RexLiteral) rex.makeLiteral(range.lowerEndpoint(), literalType, true, true);
      var value = value(literal);
      if (value != null) {
        found.add(Exprs.InSet.key(value, type.getSqlTypeName()));
      }
    }
    return found;
  }

  /** Carrier of a literal. */
  public static @Nullable Object value(RexLiteral literal) {
    if (literal.isNull()) {
      return null;
    }
    return switch (literal.getType().getSqlTypeName()) {
      case BOOLEAN -> literal.getValueAs(Boolean.class);
      case TINYINT, SMALLINT, INTEGER -> literal.getValueAs(Integer.class);
      case BIGINT -> literal.getValueAs(Long.class);
      case REAL, FLOAT, DOUBLE -> literal.getValueAs(Double.class);
      case DECIMAL -> literal.getValueAs(BigDecimal.class);
      case CHAR, VARCHAR -> text(literal);
      case BINARY, VARBINARY -> bytes(literal);
      case TIMESTAMP -> literal.getValueAs(Long.class);
      case DATE, TIME -> literal.getValueAs(Integer.class);
      case SYMBOL -> String.valueOf(literal.getValue());
      default -> interval(literal);
    };
  }

  private static @Nullable Object text(RexLiteral literal) {
    var nls = literal.getValueAs(NlsString.class);
    return nls == null ? null : nls.getValue();
  }

  private static @Nullable Object bytes(RexLiteral literal) {
    var bytes = literal.getValueAs(ByteString.class);
    return bytes == null ? null : bytes.getBytes();
  }

  private static @Nullable Object interval(RexLiteral literal) {
    if (!SqlTypeUtil.isInterval(literal.getType())) {
      throw new Unsupported(literal.toString());
    }
    return literal.getValueAs(Long.class);
  }

  /** Evaluates an expression that needs no row. */
  public static @Nullable Object constant(Expr expr, ExecContext ctx) {
    return expr.eval(Exprs.NO_ROW, ctx);
  }
}
