package io.millrace.sql.expr;

import io.millrace.engine.table.ColumnType;
import io.millrace.sql.types.PgType;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.type.SqlTypeName;

/** Types between the table SPI, Calcite and the wire. */
public final class PgTypes {
  private PgTypes() {}

  /** The wire type of a Calcite type. All our timestamps are moments. */
  public static PgType of(RelDataType type) {
    return switch (type.getSqlTypeName()) {
      case BOOLEAN -> PgType.BOOL;
      case TINYINT, SMALLINT -> PgType.INT2;
      case INTEGER -> PgType.INT4;
      case BIGINT -> PgType.INT8;
      case REAL -> PgType.FLOAT4;
      case FLOAT, DOUBLE -> PgType.FLOAT8;
      case DECIMAL -> PgType.NUMERIC;
      case BINARY, VARBINARY -> PgType.BYTEA;
      case TIMESTAMP, TIMESTAMP_WITH_LOCAL_TIME_ZONE -> PgType.TIMESTAMPTZ;
      case DATE -> PgType.DATE;
      case TIME -> PgType.TIME;
      default -> PgType.TEXT;
    };
  }

  /** The wire type of a column of an answer: that of arrays, too, where their text says it all. */
  public static PgType ofResult(RelDataType type) {
    var element = type.getComponentType();
    if (type.getSqlTypeName() != SqlTypeName.ARRAY || element == null) {
      return of(type);
    }
    return switch (element.getSqlTypeName()) {
      case BOOLEAN, TINYINT, SMALLINT, INTEGER, BIGINT, DECIMAL, FLOAT, DOUBLE, CHAR, VARCHAR ->
          of(element).array();
      default -> PgType.TEXT;
    };
  }

  /** The Calcite type of a wire type. */
  public static RelDataType of(PgType type, RelDataTypeFactory types) {
    var plain =
        switch (type) {
          case BOOL -> types.createSqlType(SqlTypeName.BOOLEAN);
          case INT2, INT4 -> types.createSqlType(SqlTypeName.INTEGER);
          case INT8, OID -> types.createSqlType(SqlTypeName.BIGINT);
          case FLOAT4, FLOAT8 -> types.createSqlType(SqlTypeName.DOUBLE);
          case NUMERIC -> types.createSqlType(SqlTypeName.DECIMAL);
          case BYTEA -> types.createSqlType(SqlTypeName.VARBINARY);
          case TIMESTAMP, TIMESTAMPTZ -> types.createSqlType(SqlTypeName.TIMESTAMP, 3);
          case DATE -> types.createSqlType(SqlTypeName.DATE);
          case TIME -> types.createSqlType(SqlTypeName.TIME);
          default -> types.createSqlType(SqlTypeName.VARCHAR);
        };
    return types.createTypeWithNullability(plain, true);
  }

  /** The wire type of a column. */
  public static PgType of(ColumnType type) {
    return switch (type) {
      case BOOLEAN -> PgType.BOOL;
      case INT -> PgType.INT4;
      case LONG -> PgType.INT8;
      case DOUBLE -> PgType.FLOAT8;
      case TEXT -> PgType.TEXT;
      case BYTES -> PgType.BYTEA;
      case TIMESTAMP -> PgType.TIMESTAMPTZ;
      case JSON -> PgType.JSONB;
    };
  }
}
