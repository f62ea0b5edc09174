package io.millrace.sql.plan;

import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/**
 * Leaves casts of literals that may change the value to our own {@code CAST}: Calcite's builder
 * does them itself, and cuts off decimals where PostgreSQL rounds.
 */
final class PgRexBuilder extends RexBuilder {
  PgRexBuilder(RelDataTypeFactory types) {
    super(types);
  }

  @Override
  public RexNode makeCast(
      SqlParserPos position,
      RelDataType type,
      RexNode operand,
      boolean matchNullability,
      boolean safe,
      @Nullable RexLiteral format) {
    if (operand instanceof RexLiteral literal && !literal.isNull() && changes(literal, type)) {
      return makeAbstractCast(
          position,
          matchNullability
              ? type
              : typeFactory.createTypeWithNullability(type, literal.getType().isNullable()),
          operand,
          safe,
          format);
    }
    return super.makeCast(position, type, operand, matchNullability, safe, format);
  }

  private static boolean changes(RexLiteral literal, RelDataType to) {
    var from = literal.getType();
    if (SqlTypeUtil.isExactNumeric(to)) {
      return SqlTypeUtil.isDecimal(from)
          || SqlTypeUtil.isApproximateNumeric(from)
          || to.getSqlTypeName() == SqlTypeName.DECIMAL && SqlTypeUtil.isCharacter(from);
    }
    return SqlTypeUtil.isCharacter(to) && SqlTypeUtil.isBoolean(from);
  }
}
