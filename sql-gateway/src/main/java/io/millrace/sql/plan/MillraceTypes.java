package io.millrace.sql.plan;

import io.millrace.engine.table.Column;
import io.millrace.engine.table.Table;
import io.millrace.sql.expr.PgTypes;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.apache.calcite.jdbc.JavaTypeFactoryImpl;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeSystemImpl;
import org.apache.calcite.sql.type.SqlTypeName;

/** PostgreSQL's type rules in Calcite's terms; text is UTF-8. */
final class MillraceTypes extends JavaTypeFactoryImpl {
  private static final int NUMERIC_DIGITS = 1000;
  private static final int NUMERIC_SCALE = 500;

  MillraceTypes() {
    super(new Rules());
  }

  @Override
  public Charset getDefaultCharset() {
    return StandardCharsets.UTF_8;
  }

  /** The row type of a table. */
  static RelDataType rowType(Table table, RelDataTypeFactory types) {
    var row = types.builder();
    for (Column column : table.columns()) {
      var type = PgTypes.of(PgTypes.of(column.type()), types);
      row.add(column.name(), types.createTypeWithNullability(type, column.nullable()));
    }
    return row.build();
  }

  /** Precisions, sums and means as PostgreSQL has them. */
  private static final class Rules extends RelDataTypeSystemImpl {
    @Override
    public int getMaxPrecision(SqlTypeName type) {
      return type == SqlTypeName.DECIMAL ? NUMERIC_DIGITS : super.getMaxPrecision(type);
    }

    @Override
    public int getMaxScale(SqlTypeName type) {
      return type == SqlTypeName.DECIMAL ? NUMERIC_SCALE : super.getMaxScale(type);
    }

    @Override
    public int getDefaultPrecision(SqlTypeName type) {
      return type == SqlTypeName.DECIMAL ? NUMERIC_DIGITS : super.getDefaultPrecision(type);
    }

    @Override
    public RelDataType deriveSumType(RelDataTypeFactory types, RelDataType argument) {
      return switch (argument.getSqlTypeName()) {
        case TINYINT, SMALLINT, INTEGER -> nullable(types, SqlTypeName.BIGINT);
        case BIGINT, DECIMAL -> nullable(types, SqlTypeName.DECIMAL);
        default -> argument;
      };
    }

    @Override
    public RelDataType deriveAvgAggType(RelDataTypeFactory types, RelDataType argument) {
      return switch (argument.getSqlTypeName()) {
        case REAL, FLOAT, DOUBLE -> nullable(types, SqlTypeName.DOUBLE);
        default -> nullable(types, SqlTypeName.DECIMAL);
      };
    }

    private static RelDataType nullable(RelDataTypeFactory types, SqlTypeName name) {
      return types.createTypeWithNullability(types.createSqlType(name), true);
    }

    @Override
    public boolean shouldConvertRaggedUnionTypesToVarying() {
      return true;
    }
  }
}
