package io.millrace.sql.plan;

import java.util.ArrayList;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/**
 * {@code generate_series(1, 32)} in FROM, and the same up to the number of schemas in the search
 * path, as the rows it stands for: drivers number keys and schemas with it.
 */
final class CatalogueSeries {
  private static final int MOST = 1000;

  /** More schemas than a search path has here; behind its end they are null, and match nothing. */
  private static final int SCHEMAS = 2;

  private CatalogueSeries() {}

  /** The rows when a call is such a series, otherwise null. */
  static @Nullable SqlNode values(SqlCall call) {
    if (call.getKind() != SqlKind.COLLECTION_TABLE
        || !(call.operand(0) instanceof SqlBasicCall series)
        || !series.getOperator().getName().equalsIgnoreCase("generate_series")
        || series.operandCount() != 2) {
      return null;
    }
    int first = whole(series.operand(0));
    int last = ofSchemas(series.operand(1)) ? SCHEMAS : whole(series.operand(1));
    if (first < 0 || last < first || last - first >= MOST) {
      return null;
    }
    var zero = SqlParserPos.ZERO;
    var rows = new ArrayList<SqlNode>();
    for (int i = first; i <= last; i++) {
      var number = SqlLiteral.createExactNumeric(Integer.toString(i), zero);
      rows.add(SqlStdOperatorTable.ROW.createCall(zero, number));
    }
    return SqlStdOperatorTable.VALUES.createCall(zero, rows);
  }

  private static boolean ofSchemas(SqlNode node) {
    return node instanceof SqlBasicCall upper
        && upper.getOperator().getName().equalsIgnoreCase("array_upper")
        && upper.operand(0) instanceof SqlBasicCall schemas
        && schemas.getOperator().getName().equalsIgnoreCase("current_schemas");
  }

  /** The value of a small whole number, or -1. */
  private static int whole(SqlNode node) {
    return node instanceof SqlLiteral literal
            && literal.getTypeName() == SqlTypeName.DECIMAL
            && String.valueOf(literal.toValue()).matches("\\d{1,6}")
        ? Integer.parseInt(String.valueOf(literal.toValue()))
        : -1;
  }
}
