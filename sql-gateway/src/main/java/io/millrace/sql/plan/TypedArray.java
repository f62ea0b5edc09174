package io.millrace.sql.plan;

import io.millrace.sql.types.PgType;
import java.util.List;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;

/** A cast to an array type: a cast to text that remembers what its elements are. */
final class TypedArray extends SqlBasicCall {
  final PgType element;

  TypedArray(SqlNode array, PgType element, SqlParserPos position) {
    super(
        SqlStdOperatorTable.CAST,
        List.of(array, AstRewriter.basic(SqlTypeName.VARCHAR, -1, position)),
        position);
    this.element = element;
  }
}
