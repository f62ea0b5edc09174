package io.millrace.sql.plan;

import java.util.Map;
import org.apache.calcite.config.NullCollation;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorImpl;
import org.apache.calcite.sql.validate.SqlValidatorScope;

/** Calcite's validator with parameters whose types are known, and text for those nobody types. */
final class Validator extends SqlValidatorImpl {
  private final Map<Integer, RelDataType> parameterTypes;

  Validator(
      SqlOperatorTable operators,
      CalciteCatalogReader reader,
      Map<Integer, RelDataType> parameterTypes) {
    super(
        operators,
        reader,
        reader.getTypeFactory(),
        SqlValidator.Config.DEFAULT
            .withConformance(Conformance.INSTANCE)
            .withTypeCoercionEnabled(true)
            .withIdentifierExpansion(true)
            .withDefaultNullCollation(NullCollation.HIGH));
    this.parameterTypes = parameterTypes;
  }

  @Override
  public RelDataType deriveType(SqlValidatorScope scope, SqlNode expr) {
    if (expr instanceof SqlDynamicParam parameter) {
      var known = parameterTypes.get(parameter.getIndex());
      if (known != null) {
        setValidatedNodeType(expr, known);
        return known;
      }
    }
    return super.deriveType(scope, expr);
  }

  @Override
  protected void inferUnknownTypes(
      RelDataType inferredType, SqlValidatorScope scope, SqlNode node) {
    if (node instanceof SqlDynamicParam parameter) {
      var known = parameterTypes.get(parameter.getIndex());
      if (known != null) {
        setValidatedNodeType(node, known);
        return;
      }
      if (inferredType.equals(unknownType)) {
        setValidatedNodeType(
            node,
            typeFactory.createTypeWithNullability(
                typeFactory.createSqlType(SqlTypeName.VARCHAR), true));
        return;
      }
    }
    super.inferUnknownTypes(inferredType, scope, node);
  }
}
