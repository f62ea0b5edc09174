package io.millrace.sql.plan;

import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import io.millrace.sql.expr.ArrayComparison;
import io.millrace.sql.parse.Quantifiers;
import io.millrace.sql.types.PgType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlUserDefinedTypeNameSpec;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/**
 * Comparisons with ANY and ALL of an array. {@code ARRAY[..]} becomes the comparisons it stands
 * for; a literal or a parameter is taken apart when the statement runs.
 */
final class ArrayForms {
  private static final int MAX_ELEMENTS = 1000;

  private final List<PgType> given;
  private final UnaryOperator<SqlNode> asParameter;
  private final Map<Integer, PgType> castParameters = new HashMap<>();

  /**
   * Forms of one statement.
   *
   * @param given types the client named for its parameters
   * @param asParameter makes a literal a parameter where that is wanted
   */
  ArrayForms(List<PgType> given, UnaryOperator<SqlNode> asParameter) {
    this.given = given;
    this.asParameter = asParameter;
  }

  /** The array type a cast gives to a parameter, or UNKNOWN. */
  PgType type(int parameter) {
    return castParameters.getOrDefault(parameter, PgType.UNKNOWN);
  }

  /** The type of the elements when a call is a cast to an array, otherwise null. */
  static @Nullable PgType castElement(SqlCall call) {
    if (call.getKind() == SqlKind.CAST
        && call.operandCount() == 2
        && call.operand(1) instanceof SqlDataTypeSpec spec
        && spec.getTypeNameSpec() instanceof SqlUserDefinedTypeNameSpec user) {
      var type = PgType.byName(user.getTypeName().names.getLast());
      return type == null ? null : type.element();
    }
    return null;
  }

  /** A cast to an array type, its operand visited. */
  SqlNode cast(SqlNode array, PgType element, SqlParserPos position) {
    if (array instanceof SqlDynamicParam parameter) {
      castParameters.put(parameter.getIndex(), element.array());
    }
    return new TypedArray(array, element, position);
  }

  /** A comparison with an array in a form that can be planned; null for any other call. */
  @Nullable SqlNode rewrite(SqlBasicCall call) {
    if (call.operandCount() != 2
        || !(call.operand(1) instanceof SqlBasicCall marker)
        || !(marker.getOperator() instanceof SqlFunction function)
        || marker.operandCount() != 1
        || !Quantifiers.isName(function.getName())) {
      return null;
    }
    var array = (SqlNode) marker.operand(0);
    var element = array instanceof TypedArray typed ? typed.element : null;
    if (array instanceof TypedArray typed) {
      array = typed.operand(0);
    }
    var all = Quantifiers.isAll(function.getName());
    return array.getKind() == SqlKind.ARRAY_VALUE_CONSTRUCTOR
        ? expanded(call, unified(elements((SqlCall) array, element, new ArrayList<>())), all)
        : compared(call, array, element, all);
  }

  private SqlNode compared(SqlBasicCall call, SqlNode array, @Nullable PgType cast, boolean all) {
    var element = cast;
    var source = array;
    if (array instanceof SqlDynamicParam parameter) {
      var index = parameter.getIndex();
      var type = index < given.size() ? given.get(index) : PgType.UNKNOWN;
      if (type != PgType.UNKNOWN && type.element() == null) {
        throw noArray();
      }
      element = element == null ? type.element() : element;
    } else if (array instanceof SqlLiteral literal) {
      if (literal.getTypeName() != SqlTypeName.CHAR && literal.getTypeName() != SqlTypeName.NULL) {
        throw noArray();
      }
      source = asParameter.apply(literal);
    } else if (call.getKind() == SqlKind.EQUALS && !all) {
      // Number vectors of the catalogue and lists of names, which are text here.
      return AstRewriter.function("vector_contains", array, call.operand(0));
    }
    var operator = ArrayComparison.of(call.getOperator(), all, element);
    return new SqlBasicCall(operator, List.of(call.operand(0), source), call.getParserPosition());
  }

  private static SqlProblem noArray() {
    return new SqlProblem(
        SqlState.WRONG_OBJECT_TYPE, "op ANY/ALL (array) requires array on right side");
  }

  /**
   * Gives the texts of an IN list the type of the numbers beside them: Calcite would look for a
   * type of all of them, and round.
   */
  static void unify(SqlBasicCall call) {
    var in = call.getKind() == SqlKind.IN || call.getKind() == SqlKind.NOT_IN;
    if (in && call.operand(1) instanceof SqlNodeList list) {
      call.setOperand(1, new SqlNodeList(unified(list), list.getParserPosition()));
    }
  }

  private static List<SqlNode> unified(List<? extends @Nullable SqlNode> elements) {
    var numbers =
        elements.stream()
            .anyMatch(e ->
                e instanceof SqlLiteral l && SqlTypeName.NUMERIC_TYPES.contains(l.getTypeName()));
    var all = new ArrayList<SqlNode>(elements.size());
    for (var element : elements) {
      var node = java.util.Objects.requireNonNull(element);
      var text = node instanceof SqlLiteral l && l.getTypeName() == SqlTypeName.CHAR;
      all.add(numbers && text ? cast(node, PgType.NUMERIC) : node);
    }
    return all;
  }

  private static SqlNode cast(SqlNode node, PgType type) {
    var position = node.getParserPosition();
    return SqlStdOperatorTable.CAST.createCall(
        position, node, PgTypeNames.spec(type.typname(), position));
  }

  private static List<SqlNode> elements(
      SqlCall array, @Nullable PgType cast, List<SqlNode> elements) {
    for (var element : array.getOperandList()) {
      if (element.getKind() == SqlKind.ARRAY_VALUE_CONSTRUCTOR) {
        elements((SqlCall) element, cast, elements);
      } else {
        elements.add(cast == null ? element : cast(element, cast));
      }
      if (elements.size() > MAX_ELEMENTS) {
        throw SqlProblem.withHint(
            SqlState.TOO_COMPLEX,
            "an array of more than " + MAX_ELEMENTS + " expressions",
            "Give the elements as one array parameter.");
      }
    }
    return elements;
  }

  /** The comparisons that ARRAY[..] stands for. */
  private static SqlNode expanded(SqlBasicCall call, List<SqlNode> elements, boolean all) {
    var position = call.getParserPosition();
    if (elements.isEmpty()) {
      return SqlLiteral.createBoolean(all, position);
    }
    SqlOperator list =
        call.getKind() == SqlKind.EQUALS && !all
            ? SqlStdOperatorTable.IN
            : call.getKind() == SqlKind.NOT_EQUALS && all ? SqlStdOperatorTable.NOT_IN : null;
    if (list != null) {
      return list.createCall(position, call.operand(0), new SqlNodeList(elements, position));
    }
    SqlNode joined = null;
    for (var element : elements) {
      var one = call.getOperator().createCall(position, call.operand(0), element);
      joined =
          joined == null
              ? one
              : (all ? SqlStdOperatorTable.AND : SqlStdOperatorTable.OR)
                  .createCall(position, joined, one);
    }
    return java.util.Objects.requireNonNull(joined);
  }
}
