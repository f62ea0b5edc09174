package io.millrace.sql.plan;

import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import io.millrace.sql.types.PgType;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;

/** PostgreSQL's names of types. */
final class PgTypeNames {
  private PgTypeNames() {}

  /** Calcite's type for a PostgreSQL name. */
  static SqlDataTypeSpec spec(String name, SqlParserPos position) {
    var type = PgType.byName(name);
    if (type == null) {
      throw new SqlProblem(SqlState.UNDEFINED_OBJECT, "type \"" + name + "\" does not exist");
    }
    return switch (type) {
      // Arrays are text; what looks into them knows the type of their elements.
      case BOOL -> basic(SqlTypeName.BOOLEAN, position);
      case INT2, INT4 -> basic(SqlTypeName.INTEGER, position);
      case INT8, OID -> basic(SqlTypeName.BIGINT, position);
      case FLOAT4, FLOAT8 -> basic(SqlTypeName.DOUBLE, position);
      case NUMERIC -> basic(SqlTypeName.DECIMAL, position);
      case BYTEA -> basic(SqlTypeName.VARBINARY, position);
      case TIMESTAMP, TIMESTAMPTZ -> AstRewriter.basic(SqlTypeName.TIMESTAMP, 3, position);
      case DATE -> basic(SqlTypeName.DATE, position);
      case TIME -> basic(SqlTypeName.TIME, position);
      default -> basic(SqlTypeName.VARCHAR, position);
    };
  }

  private static SqlDataTypeSpec basic(SqlTypeName name, SqlParserPos position) {
    return AstRewriter.basic(name, -1, position);
  }
}
