package io.millrace.sql.expr;

import io.millrace.sql.run.ExecContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.enumerable.CallImplementor;
import org.apache.calcite.adapter.enumerable.EnumUtils;
import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.adapter.enumerable.NullPolicy;
import org.apache.calcite.adapter.enumerable.RexImpTable;
import org.apache.calcite.adapter.enumerable.RexToLixTranslator;
import org.apache.calcite.adapter.java.JavaTypeFactory;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.schema.FunctionParameter;
import org.apache.calcite.schema.ImplementableFunction;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlLikeOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.validate.SqlUserDefinedFunction;
import org.jspecify.annotations.Nullable;

/** A function of ours in a form that code of Calcite's Enumerable convention can call. */
public final class FallbackFunction extends SqlUserDefinedFunction {
  private final ScalarFunction scalar;

  private FallbackFunction(ScalarFunction scalar, JavaTypeFactory types) {
    super(
        new SqlIdentifier(scalar.getName(), SqlParserPos.ZERO),
        SqlKind.OTHER_FUNCTION,
        Objects.requireNonNull(scalar.getReturnTypeInference()),
        null,
        null,
        new Called(scalar.getName(), types));
    this.scalar = scalar;
  }

  /** The function itself. */
  ScalarFunction scalar() {
    return scalar;
  }

  @Override
  public boolean isDynamicFunction() {
    return scalar.isDynamicFunction();
  }

  /** The same nodes with this form of our functions in their expressions. */
  public static RelNode replaceIn(RelNode node) {
    var rex = node.getCluster().getRexBuilder();
    var types = (JavaTypeFactory) node.getCluster().getTypeFactory();
    var inExpressions =
        new RexShuttle() {
          @Override
          public RexNode visitCall(RexCall call) {
            var visited = super.visitCall(call);
            return visited instanceof RexCall same
                    && same.getOperator() instanceof ScalarFunction function
                ? rex.makeCall(
                    same.getType(), new FallbackFunction(function, types), same.getOperands())
                : visited;
          }
        };
    return node.accept(
        new RelHomogeneousShuttle() {
          @Override
          public RelNode visit(RelNode other) {
            return super.visit(other).accept(inExpressions);
          }
        });
  }

  /**
   * The same nodes, in whose generated parts every match of a pattern is ours: Calcite's own may
   * take for ever, and nothing could end it.
   */
  public static RelNode guard(RelNode node) {
    var shuttle = new Guard(node.getCluster().getRexBuilder(), types(node));
    return node.accept(
        new RelHomogeneousShuttle() {
          @Override
          public RelNode visit(RelNode other) {
            var visited = super.visit(other);
            return visited.getConvention() == EnumerableConvention.INSTANCE
                ? visited.accept(shuttle)
                : visited;
          }
        });
  }

  private static JavaTypeFactory types(RelNode node) {
    return (JavaTypeFactory) node.getCluster().getTypeFactory();
  }

  /** Puts our functions in the place of Calcite's. */
  private static final class Guard extends RexShuttle {
    private static final Set<String> FORMATTING = Set.of("TO_CHAR", "TO_DATE", "TO_TIMESTAMP");

    private final RexBuilder rex;
    private final JavaTypeFactory types;

    Guard(RexBuilder rex, JavaTypeFactory types) {
      this.rex = rex;
      this.types = types;
    }

    @Override
    public RexNode visitCall(RexCall call) {
      if (!(super.visitCall(call) instanceof RexCall visited)) {
        return call;
      }
      var operator = visited.getOperator();
      if (operator instanceof SqlLikeOperator like) {
        var name = like.getName();
        var ours =
            name.contains("SIMILAR")
                ? "MATCHES_SIMILAR"
                : like.isCaseSensitive() ? "MATCHES_LIKE" : "MATCHES_ILIKE";
        return matching(ours, visited, like.isNegated());
      }
      return switch (visited.getKind()) {
        case POSIX_REGEX_CASE_SENSITIVE -> matching("MATCHES_REGEX", visited, negated(operator));
        case POSIX_REGEX_CASE_INSENSITIVE -> matching("MATCHES_IREGEX", visited, negated(operator));
        default -> {
          var check =
              JsonPaths.takesPath(operator)
                  ? "CHECKED_JSON_PATH"
                  : FORMATTING.contains(operator.getName()) ? "CHECKED_FORMAT" : null;
          yield check == null || visited.getOperands().size() < 2
              ? visited
              : checked(check, visited);
        }
      };
    }

    private static boolean negated(SqlOperator operator) {
      return operator.getName().startsWith("NEGATED");
    }

    private RexNode matching(String name, RexCall call, boolean negated) {
      var match = call(name, call.getType(), call.getOperands());
      return negated ? rex.makeCall(SqlStdOperatorTable.NOT, match) : match;
    }

    private RexNode call(String name, RelDataType type, List<RexNode> operands) {
      return rex.makeCall(type, new FallbackFunction(PgFunctions.named(name), types), operands);
    }

    /** A path or format, the second operand, is looked at before it is followed. */
    private RexNode checked(String check, RexCall call) {
      var operands = new ArrayList<>(call.getOperands());
      var source = operands.get(1);
      operands.set(1, call(check, source.getType(), List.of(source)));
      return rex.makeCall(call.getType(), call.getOperator(), operands);
    }
  }

  /** What generated code calls. */
  public static @Nullable Object evaluate(
      DataContext root, String name, @Nullable Object[] arguments) {
    var function = PgFunctions.named(name);
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i] instanceof ByteString bytes) {
        arguments[i] = bytes.getBytes();
      }
      if (function.strict() && arguments[i] == null) {
        return null;
      }
    }
    var context = (ExecContext) Objects.requireNonNull(root.get(ExecContext.NAME));
    long before = context.scratch();
    try {
      var result = function.body().apply(arguments, context);
      return result instanceof byte[] bytes ? new ByteString(bytes) : result;
    } finally {
      // Generated code keeps no row: what was reserved for a text goes with its row.
      context.dropScratch(context.scratch() - before);
    }
  }

  private record Called(String name, JavaTypeFactory types) implements ImplementableFunction {
    @Override
    public List<FunctionParameter> getParameters() {
      return List.of();
    }

    @Override
    public CallImplementor getImplementor() {
      return RexImpTable.createImplementor(this::implement, NullPolicy.NONE, false);
    }

    private Expression implement(
        RexToLixTranslator translator, RexCall call, List<Expression> operands) {
      var boxed = operands.stream().map(operand -> (Expression) Expressions.box(operand)).toList();
      var result =
          Expressions.call(
              FallbackFunction.class,
              "evaluate",
              translator.getRoot(),
              Expressions.constant(name),
              Expressions.newArrayInit(Object.class, boxed));
      return EnumUtils.convert(result, types.getJavaClass(call.getType()));
    }
  }
}
