package io.millrace.sql.plan;

import io.millrace.engine.table.ColumnType;
import io.millrace.engine.table.Table;
import io.millrace.sql.exec.PlanNode;
import io.millrace.sql.exec.scan.KeyBounds;
import io.millrace.sql.exec.scan.ScanNode;
import io.millrace.sql.expr.Comparison;
import io.millrace.sql.expr.Expr;
import io.millrace.sql.expr.Exprs;
import io.millrace.sql.expr.PgTypes;
import io.millrace.sql.plan.Planned.OutputColumn;
import io.millrace.sql.types.PgType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSelect;
import org.jspecify.annotations.Nullable;

/**
 * Recognises {@code SELECT columns FROM table WHERE key = value [AND key2 = value2]} in the parsed
 * statement and plans it without validator and optimiser.
 */
final class KeyGetRecogniser {
  private final CatalogView catalog;
  private final ToIntFunction<Table> tableOid;
  private final List<PgType> given;
  private final PgType[] literalTypes;
  private final PgType[] parameterTypes;

  /**
   * A recogniser for one statement.
   *
   * @param given types the client named for its parameters, UNKNOWN where it did not
   * @param literalTypes types of the literal parameters that follow them
   */
  KeyGetRecogniser(
      CatalogView catalog,
      ToIntFunction<Table> tableOid,
      List<PgType> given,
      List<PgType> literalTypes) {
    this.catalog = catalog;
    this.tableOid = tableOid;
    this.given = given;
    this.literalTypes = literalTypes.toArray(new PgType[0]);
    this.parameterTypes = given.toArray(new PgType[0]);
  }

  /** A plan with its parameter types. */
  record Found(
      PlanNode root, List<OutputColumn> columns, List<PgType> parameters, List<PgType> literals) {}

  /** The plan, or null when the statement is of another form. */
  @Nullable Found recognise(SqlNode statement) {
    if (!(statement instanceof SqlSelect select)
        || select.isDistinct()
        || select.getGroup() != null
        || select.getHaving() != null
        || select.getOrderList() != null
        || select.getFetch() != null
        || select.getOffset() != null
        || !select.getWindowList().isEmpty()
        || !(select.getFrom() instanceof SqlIdentifier name)) {
      return null;
    }
    var table = catalog.find(name.names);
    if (table == null || table.key().isEmpty()) {
      return null;
    }
    var keys = new HashMap<Integer, Integer>();
    if (!conditions(table, select.getWhere(), keys) || keys.size() != table.key().size()) {
      return null;
    }
    var columns = columns(table, select);
    return columns == null ? null : plan(table, keys, columns);
  }

  /** Reads {@code a = ? AND b = ?} over key columns. */
  private boolean conditions(Table table, @Nullable SqlNode node, Map<Integer, Integer> keys) {
    if (!(node instanceof SqlBasicCall call)) {
      return false;
    }
    if (call.getKind() == SqlKind.AND) {
      return call.getOperandList().stream().allMatch(part -> conditions(table, part, keys));
    }
    if (call.getKind() != SqlKind.EQUALS
        || !(call.operand(0) instanceof SqlIdentifier column)
        || !column.isSimple()
        || !(call.operand(1) instanceof SqlDynamicParam parameter)) {
      return false;
    }
    var index = column(table, column.getSimple());
    if (!table.key().contains(index) || !fits(parameter.getIndex(), table, index)) {
      return false;
    }
    return keys.put(index, parameter.getIndex()) == null;
  }

  private boolean fits(int parameter, Table table, int column) {
    var wanted = table.columns().get(column).type();
    if (parameter < given.size()) {
      var type = parameterTypes[parameter];
      if (type == PgType.UNKNOWN) {
        parameterTypes[parameter] = PgTypes.of(wanted);
        return true;
      }
      return same(type, wanted);
    }
    var literal = parameter - given.size();
    if (literalTypes[literal] == PgType.UNKNOWN) {
      literalTypes[literal] = PgTypes.of(wanted);
      return true;
    }
    return same(literalTypes[literal], wanted);
  }

  private static boolean same(PgType type, ColumnType wanted) {
    return switch (wanted) {
      case INT, LONG -> type == PgType.INT2 || type == PgType.INT4 || type == PgType.INT8;
      case TEXT -> type == PgType.TEXT || type == PgType.VARCHAR;
      default -> false;
    };
  }

  private static int column(Table table, String name) {
    for (int i = 0; i < table.columns().size(); i++) {
      if (table.columns().get(i).name().equals(name)) {
        return i;
      }
    }
    return -1;
  }

  private static @Nullable List<Integer> columns(Table table, SqlSelect select) {
    var found = new ArrayList<Integer>();
    for (var item : select.getSelectList()) {
      if (!(item instanceof SqlIdentifier name)) {
        return null;
      }
      if (name.isStar() && name.names.size() == 1) {
        for (int i = 0; i < table.columns().size(); i++) {
          found.add(i);
        }
        continue;
      }
      var index = name.isSimple() ? column(table, name.getSimple()) : -1;
      if (index < 0 || found.contains(index)) {
        return null;
      }
      found.add(index);
    }
    return found;
  }

  private Found plan(Table table, Map<Integer, Integer> keys, List<Integer> columns) {
    var places = new LinkedHashMap<Integer, Integer>();
    columns.forEach(column -> places.put(column, places.size()));
    var equal = new ArrayList<Expr>();
    var types = new ArrayList<ColumnType>();
    var tests = new ArrayList<Expr>();
    var words = new ArrayList<String>();
    for (int column : table.key()) {
      var value = new Exprs.Parameter(java.util.Objects.requireNonNull(keys.get(column)));
      places.putIfAbsent(column, places.size());
      equal.add(value);
      types.add(table.columns().get(column).type());
      var place = java.util.Objects.requireNonNull(places.get(column));
      tests.add(Comparison.of(SqlKind.EQUALS, new Exprs.Column(place), value));
      words.add(table.columns().get(column).name() + " = $" + (value.index() + 1));
    }
    var bounds = new KeyBounds(equal, null, null, null, types, true);
    var read = places.keySet().stream().mapToInt(Integer::intValue).toArray();
    var condition = Exprs.all(tests);
    var scan =
        new ScanNode(
            table,
            read,
            columns.size(),
            bounds,
            condition,
            ScanNode.Encoded.none(condition),
            String.join(" and ", words));
    var outputs = new ArrayList<OutputColumn>();
    for (int column : columns) {
      var declared = table.columns().get(column);
      outputs.add(
          new OutputColumn(
              declared.name(),
              PgTypes.of(declared.type()),
              tableOid.applyAsInt(table),
              column + 1));
    }
    return new Found(scan.plain(), outputs, parameters(), List.of(literalTypes));
  }

  private List<PgType> parameters() {
    for (int i = 0; i < parameterTypes.length; i++) {
      if (parameterTypes[i] == PgType.UNKNOWN) {
        parameterTypes[i] = PgType.TEXT;
      }
    }
    return List.of(parameterTypes);
  }
}
