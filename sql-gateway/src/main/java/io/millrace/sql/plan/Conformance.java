package io.millrace.sql.plan;

import org.apache.calcite.sql.validate.SqlConformanceEnum;
import org.apache.calcite.sql.validate.SqlDelegatingConformance;

/** Babel's liberties without those that PostgreSQL does not take. */
final class Conformance extends SqlDelegatingConformance {
  static final Conformance INSTANCE = new Conformance();

  private Conformance() {
    super(SqlConformanceEnum.BABEL);
  }

  @Override
  public SelectAliasLookup isSelectAlias() {
    return SelectAliasLookup.UNSUPPORTED;
  }

  @Override
  public boolean isNonStrictGroupBy() {
    return false;
  }
}
