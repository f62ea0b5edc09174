package io.millrace.sql.plan;

import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import io.millrace.sql.parse.IntegerSize;
import io.millrace.sql.parse.Normal;
import io.millrace.sql.types.PgType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlUnresolvedFunction;
import org.apache.calcite.sql.SqlUserDefinedTypeNameSpec;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.util.SqlShuttle;
import org.jspecify.annotations.Nullable;

/**
 * Changes the parsed statement: PostgreSQL's type names to Calcite's, numbered parameters, literals
 * of conditions to parameters, and the catalogue forms that have no counterpart.
 */
final class AstRewriter extends SqlShuttle {
  private static final Set<String> FRACTIONAL = Set.of("SECOND", "EPOCH", "MILLISECOND");
  private static final int MAX_IN_PARAMETERS = 8;
  private static final int MAX_VALUES_PARAMETERS = 256;

  private final Normal normal;
  private final boolean parameterise;
  private final ToLongFunction<String> tableOid;
  private final Map<Integer, Integer> literalAt = new HashMap<>();
  private final List<Integer> taken = new ArrayList<>();
  private final List<PgType> takenTypes = new ArrayList<>();
  private final int[] lineStarts;
  private final ArrayForms arrays;
  private int expansions;

  /**
   * A rewriter for one statement.
   *
   * @param parameterise whether literals may become parameters
   * @param given types the client named for its parameters
   * @param tableOid object id of a table by its name
   */
  AstRewriter(
      Normal normal, List<PgType> given, boolean parameterise, ToLongFunction<String> tableOid) {
    this.normal = normal;
    this.arrays =
        new ArrayForms(
            given, node -> parameterise ? java.util.Objects.requireNonNull(parameter(node)) : node);
    this.parameterise = parameterise;
    this.tableOid = tableOid;
    for (int i = 0; i < normal.literals().size(); i++) {
      literalAt.put(normal.literals().get(i).start(), i);
    }
    lineStarts = Positions.lineStarts(normal.sql());
  }

  /** Numbers of the literals that became parameters. */
  int[] literals() {
    return taken.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Types of those literals; UNKNOWN for text, whose type follows from its use. */
  List<PgType> literalTypes() {
    return takenTypes;
  }

  /** The array type a cast gives to a parameter the client has not typed, or UNKNOWN. */
  PgType arrayType(int parameter) {
    return arrays.type(parameter);
  }

  @Override
  public @Nullable SqlNode visit(SqlDynamicParam parameter) {
    var number = normal.parameters()[parameter.getIndex()];
    return new SqlDynamicParam(number - 1, parameter.getParserPosition());
  }

  @Override
  public @Nullable SqlNode visit(SqlDataTypeSpec type) {
    if (type.getTypeNameSpec() instanceof SqlUserDefinedTypeNameSpec user) {
      var names = user.getTypeName().names;
      return PgTypeNames.spec(names.getLast(), type.getParserPosition());
    }
    var name = String.valueOf(type.getTypeName());
    if (name.equals("TIMESTAMP_TZ") || name.equals("TIMESTAMP_WITH_LOCAL_TIME_ZONE")) {
      return basic(SqlTypeName.TIMESTAMP, 3, type.getParserPosition());
    }
    return type;
  }

  @Override
  public @Nullable SqlNode visit(SqlCall call) {
    var element = ArrayForms.castElement(call);
    if (element != null) {
      var array = (SqlNode) java.util.Objects.requireNonNull(call.operand(0).accept(this));
      return arrays.cast(array, element, call.getParserPosition());
    }
    if (call.getKind() == SqlKind.CAST && call.operandCount() == 2) {
      var special = registryCast(call);
      if (special != null) {
        return special;
      }
    }
    if (call.getKind() == SqlKind.ARRAY_QUERY_CONSTRUCTOR) {
      return arrayText((SqlNode) java.util.Objects.requireNonNull(call.operand(0).accept(this)));
    }
    if (call.getKind() == SqlKind.UNNEST && optionList(call.operand(0))) {
      return emptyList();
    }
    if (call.getKind() == SqlKind.EXTRACT && FRACTIONAL.contains(call.operand(0).toString())) {
      return function(
          "extract_exact",
          SqlLiteral.createCharString(call.operand(0).toString(), SqlParserPos.ZERO),
          moment((SqlNode) java.util.Objects.requireNonNull(call.operand(1).accept(this))));
    }
    if (isRowField(call)) {
      return rowField(call);
    }
    var series = CatalogueSeries.values(call);
    if (series != null) {
      return series;
    }
    var visited = (SqlNode) java.util.Objects.requireNonNull(super.visit(call));
    if (visited instanceof SqlBasicCall basic) {
      ArrayForms.unify(basic);
      var quantified = arrays.rewrite(basic);
      return quantified == null ? catalogueForm(basic) : quantified;
    }
    if (visited instanceof SqlSelect select) {
      expand(select);
      select.setWhere(condition(select.getWhere()));
      joinConditions(select.getFrom());
    } else if (visited instanceof SqlInsert insert) {
      insertSource(insert.getSource());
    }
    return visited;
  }

  /** Functions that look something up become subqueries. */
  private static SqlNode catalogueForm(SqlBasicCall call) {
    var name = call.getOperator().getName().toLowerCase(Locale.ROOT);
    if (call.operandCount() == 2 && (name.equals("date_part") || name.equals("date_trunc"))) {
      return function(name, call.operand(0), moment(call.operand(1)));
    }
    if (call.operandCount() == 2 && name.equals("position")) {
      return function("strpos", call.operand(1), call.operand(0));
    }
    if (name.equals("translate3")) {
      // The parser knows Calcite's own by heart, which takes time in proportion to the product.
      return function("translate", call.operand(0), call.operand(1), call.operand(2));
    }
    var definition = name.equals("pg_get_indexdef") || name.equals("pg_get_constraintdef");
    if (definition && call.operandCount() > 0) {
      return definition(call.operand(0));
    }
    if (call.getKind() == SqlKind.ITEM && vector(call.operand(0))) {
      return function("vector_item", call.operand(0), call.operand(1));
    }
    return call;
  }

  /** Dates as moments, which is what functions of both take. */
  private static SqlNode moment(SqlNode node) {
    var position = node.getParserPosition();
    return SqlStdOperatorTable.CAST.createCall(
        position, node, basic(SqlTypeName.TIMESTAMP, 3, position));
  }

  /** True for the array columns of the catalogue, which hold nothing here. */
  private static boolean optionList(SqlNode node) {
    return node instanceof SqlIdentifier column
        && (column.names.getLast().endsWith("options") || column.names.getLast().endsWith("acl"));
  }

  private static SqlNode emptyList() {
    var zero = SqlParserPos.ZERO;
    var item =
        SqlStdOperatorTable.AS.createCall(
            zero,
            SqlStdOperatorTable.CAST.createCall(
                zero, SqlLiteral.createNull(zero), basic(SqlTypeName.VARCHAR, -1, zero)),
            new SqlIdentifier("x", zero));
    var none = SqlStdOperatorTable.EQUALS.createCall(zero, number("0"), number("1"));
    var list = SqlNodeList.of(item);
    var from = new SqlIdentifier(List.of("pg_catalog", "pg_am"), zero);
    return new SqlSelect(
        zero, null, list, from, none, null, null, null, null, null, null, null, null);
  }

  private static SqlNode number(String digits) {
    return SqlLiteral.createExactNumeric(digits, SqlParserPos.ZERO);
  }

  /** {@code ARRAY(query)} as the text of an array. */
  private SqlNode arrayText(SqlNode query) {
    var zero = SqlParserPos.ZERO;
    var alias = "elements" + expansions++;
    var from =
        SqlStdOperatorTable.AS.createCall(
            zero, query, new SqlIdentifier(alias, zero), new SqlIdentifier("x", zero));
    var joined =
        function(
            "string_agg",
            new SqlIdentifier(List.of(alias, "x"), zero),
            SqlLiteral.createCharString(",", zero));
    var text =
        function(
            "concat",
            SqlLiteral.createCharString("{", zero),
            joined,
            SqlLiteral.createCharString("}", zero));
    return new SqlSelect(
        zero,
        null,
        SqlNodeList.of(text),
        from,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  static SqlNode function(String name, SqlNode... arguments) {
    var zero = SqlParserPos.ZERO;
    return new SqlBasicCall(
        new SqlUnresolvedFunction(
            new SqlIdentifier(name, zero),
            null,
            null,
            null,
            null,
            SqlFunctionCategory.USER_DEFINED_FUNCTION),
        List.of(arguments),
        zero);
  }

  /** True for the arrays that are text here: number vectors of the catalogue, lists of names. */
  private static boolean vector(SqlNode node) {
    if (node instanceof SqlIdentifier column) {
      var name = column.names.getLast();
      return name.endsWith("key") || name.endsWith("types") || name.endsWith("option");
    }
    return node instanceof SqlCall inner
        && inner.getOperator() instanceof org.apache.calcite.sql.SqlFunction function
        && List.of("current_schemas", "string_to_array")
            .contains(function.getName().toLowerCase(Locale.ROOT));
  }

  private static SqlNode definition(SqlNode oid) {
    var zero = SqlParserPos.ZERO;
    var where =
        SqlStdOperatorTable.EQUALS.createCall(
            zero, new SqlIdentifier(List.of("definitions", "oid"), zero), oid);
    var from =
        SqlStdOperatorTable.AS.createCall(
            zero,
            new SqlIdentifier(List.of("pg_catalog", "pg_definitions"), zero),
            new SqlIdentifier("definitions", zero));
    var list = SqlNodeList.of(new SqlIdentifier(List.of("definitions", "definition"), zero));
    return new SqlSelect(
        zero, null, list, from, where, null, null, null, null, null, null, null, null);
  }

  private static boolean isRowField(SqlCall call) {
    return call.getKind() == SqlKind.DOT && call.operandCount() == 2;
  }

  /** {@code (keys).x}: our key vectors are expanded already, so {@code keys} is the element. */
  private @Nullable SqlNode rowField(SqlCall call) {
    var row = call.operand(0);
    var field = call.operand(1).toString().toLowerCase(Locale.ROOT);
    if (row instanceof SqlCall inner
        && inner.getOperator().getName().equalsIgnoreCase("_pg_expandarray")) {
      return new ExpandedField(inner, field.endsWith("n")).call();
    }
    if (row instanceof SqlIdentifier keys) {
      return keys;
    }
    return super.visit(call);
  }

  /** A field of an expanded vector, kept as a marked call until its SELECT is reached. */
  private record ExpandedField(SqlCall vector, boolean ordinal) {
    SqlNode call() {
      return new SqlBasicCall(
          vector.getOperator(),
          List.<SqlNode>of(
              vector.operand(0),
              SqlLiteral.createCharString(ordinal ? "n" : "x", SqlParserPos.ZERO)),
          vector.getParserPosition());
    }
  }

  /** Replaces {@code _pg_expandarray(v)} in a select list by a join with all key vectors. */
  private void expand(SqlSelect select) {
    var list = select.getSelectList();
    SqlNode[] vector = new SqlNode[1];
    var alias = "expanded" + expansions;
    var shuttle =
        new SqlShuttle() {
          @Override
          public @Nullable SqlNode visit(SqlCall call) {
            if (call.getOperator().getName().equalsIgnoreCase("_pg_expandarray")) {
              vector[0] = call.operand(0);
              var ordinal = call.operandCount() > 1 && call.operand(1).toString().contains("n");
              return new SqlIdentifier(
                  List.of(alias, ordinal ? "n" : "x"), call.getParserPosition());
            }
            return call instanceof SqlSelect ? call : super.visit(call);
          }
        };
    var changed = (SqlNodeList) java.util.Objects.requireNonNull(list.accept(shuttle));
    if (vector[0] == null) {
      return;
    }
    expansions++;
    var zero = SqlParserPos.ZERO;
    var vectors =
        SqlStdOperatorTable.AS.createCall(
            zero,
            new SqlIdentifier(List.of("pg_catalog", "pg_key_vectors"), zero),
            new SqlIdentifier(alias, zero));
    var on =
        SqlStdOperatorTable.EQUALS.createCall(
            zero, vector[0], new SqlIdentifier(List.of(alias, "vector"), zero));
    select.setSelectList(changed);
    select.setFrom(
        new SqlJoin(
            zero,
            java.util.Objects.requireNonNull(select.getFrom()),
            SqlLiteral.createBoolean(false, zero),
            org.apache.calcite.sql.JoinType.INNER.symbol(zero),
            vectors,
            org.apache.calcite.sql.JoinConditionType.ON.symbol(zero),
            on));
  }

  /** Casts to and from the registry types: names and object ids. */
  private @Nullable SqlNode registryCast(SqlCall call) {
    if (!(call.operand(1) instanceof SqlDataTypeSpec spec)
        || !(spec.getTypeNameSpec() instanceof SqlUserDefinedTypeNameSpec user)) {
      return null;
    }
    var name = user.getTypeName().names.getLast().toLowerCase(Locale.ROOT);
    var operand = call.operand(0);
    if (name.equals("bytea") && operand instanceof SqlLiteral) {
      return function("bytea_in", operand);
    }
    if (!name.startsWith("reg")) {
      return null;
    }
    if (operand instanceof SqlLiteral literal && literal.getTypeName() == SqlTypeName.CHAR) {
      var text = String.valueOf(literal.toValue());
      if (name.equals("regproc")) {
        // Columns of functions hold their names.
        return SqlLiteral.createCharString(
            text.replace("pg_catalog.", ""), call.getParserPosition());
      }
      return SqlLiteral.createExactNumeric(
          Long.toString(oid(name, text, call.getParserPosition())), SqlParserPos.ZERO);
    }
    return operand.accept(this);
  }

  private long oid(String registry, String text, SqlParserPos position) {
    if (text.matches("\\d+")) {
      return Long.parseLong(text);
    }
    if (registry.equals("regtype")) {
      var type = PgType.byName(text.replace("pg_catalog.", ""));
      return type == null ? 0 : type.oid();
    }
    if (!registry.equals("regclass")) {
      return 0;
    }
    var oid = tableOid.applyAsLong(text);
    if (oid == 0) {
      throw new SqlProblem(
          SqlState.UNDEFINED_TABLE,
          "relation \"" + text + "\" does not exist",
          normal.origin(Positions.offset(lineStarts, position)) + 1,
          null,
          null);
    }
    return oid;
  }

  private void joinConditions(@Nullable SqlNode from) {
    if (from instanceof SqlJoin join) {
      joinConditions(join.getLeft());
      joinConditions(join.getRight());
      var condition = join.getCondition();
      if (condition != null && !(condition instanceof SqlNodeList)) {
        join.setOperand(5, condition(condition));
      }
    }
  }

  /** Takes the literals out of comparisons. */
  private @Nullable SqlNode condition(@Nullable SqlNode node) {
    if (!parameterise || !(node instanceof SqlBasicCall call)) {
      return node;
    }
    switch (call.getKind()) {
      case AND, OR, NOT -> {
        for (int i = 0; i < call.operandCount(); i++) {
          call.setOperand(i, condition(call.operand(i)));
        }
      }
      case EQUALS,
          NOT_EQUALS,
          LESS_THAN,
          LESS_THAN_OR_EQUAL,
          GREATER_THAN,
          GREATER_THAN_OR_EQUAL,
          BETWEEN -> {
        var plainSides = call.getOperandList().stream().anyMatch(SqlIdentifier.class::isInstance);
        for (int i = 0; plainSides && i < call.operandCount(); i++) {
          call.setOperand(i, parameter(call.operand(i)));
        }
      }
      case IN -> {
        if (call.operand(0) instanceof SqlIdentifier
            && call.operand(1) instanceof SqlNodeList list
            && list.size() <= MAX_IN_PARAMETERS) {
          list.replaceAll(this::parameterOf);
        }
      }
      default -> {}
    }
    return call;
  }

  private @Nullable SqlNode parameterOf(@Nullable SqlNode node) {
    return parameter(node);
  }

  private @Nullable SqlNode parameter(@Nullable SqlNode node) {
    if (!(node instanceof SqlLiteral literal)) {
      return node;
    }
    var offset = Positions.offset(lineStarts, literal.getParserPosition());
    var index = literalAt.get(offset);
    if (index == null || taken.contains(index)) {
      return node;
    }
    var type = type(normal.literals().get(index));
    if (type == null) {
      return node;
    }
    taken.add(index);
    takenTypes.add(type);
    return new SqlDynamicParam(
        normal.parameterCount() + taken.size() - 1, literal.getParserPosition());
  }

  private static @Nullable PgType type(Normal.Literal literal) {
    return switch (literal.kind()) {
      case STRING -> PgType.UNKNOWN;
      case INTEGER ->
          switch (IntegerSize.of(literal.text())) {
            case INT4 -> PgType.INT4;
            case INT8 -> PgType.INT8;
            case NUMERIC -> PgType.NUMERIC;
          };
      case DECIMAL -> PgType.NUMERIC;
      default -> null;
    };
  }

  private void insertSource(SqlNode source) {
    if (!parameterise || source.getKind() != SqlKind.VALUES || !(source instanceof SqlCall rows)) {
      return;
    }
    if (normal.literals().size() > MAX_VALUES_PARAMETERS) {
      return;
    }
    for (var row : rows.getOperandList()) {
      if (row instanceof SqlCall cells) {
        for (int i = 0; i < cells.operandCount(); i++) {
          cells.setOperand(i, parameter(cells.operand(i)));
        }
      }
    }
  }

  /** A basic type. */
  static SqlDataTypeSpec basic(SqlTypeName name, int precision, SqlParserPos position) {
    return new SqlDataTypeSpec(new SqlBasicTypeNameSpec(name, precision, position), position);
  }
}
