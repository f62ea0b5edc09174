package io.millrace.sql.plan;

import io.millrace.sql.expr.PgFunctions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.SqlSyntax;
import org.apache.calcite.sql.fun.SqlLibrary;
import org.apache.calcite.sql.fun.SqlLibraryOperatorTableFactory;
import org.apache.calcite.sql.fun.SqlLibraryOperators;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.validate.SqlNameMatcher;
import org.apache.calcite.sql.validate.SqlNameMatchers;
import org.jspecify.annotations.Nullable;

/** Our functions before Calcite's; function names ignore case. */
final class Operators implements SqlOperatorTable {
  private static final SqlNameMatcher ANY_CASE = SqlNameMatchers.withCaseSensitive(false);

  private final Map<String, SqlOperator> ours = new HashMap<>();
  private final List<SqlOperatorTable> others;

  Operators() {
    for (var function : PgFunctions.all()) {
      ours.put(function.getName().toUpperCase(Locale.ROOT), function);
    }
    for (var aggregate :
        List.of(
            SqlLibraryOperators.STRING_AGG,
            SqlLibraryOperators.BOOL_AND,
            SqlLibraryOperators.BOOL_OR)) {
      ours.put(aggregate.getName(), aggregate);
    }
    others =
        List.of(
            SqlStdOperatorTable.instance(),
            SqlLibraryOperatorTableFactory.INSTANCE.getOperatorTable(SqlLibrary.POSTGRESQL));
  }

  @Override
  public void lookupOperatorOverloads(
      SqlIdentifier name,
      @Nullable SqlFunctionCategory category,
      SqlSyntax syntax,
      List<SqlOperator> found,
      SqlNameMatcher matcher) {
    if (name.isSimple() && syntax == SqlSyntax.FUNCTION) {
      var own = ours.get(name.getSimple().toUpperCase(Locale.ROOT));
      if (own != null) {
        found.add(own);
        return;
      }
    }
    for (var table : others) {
      table.lookupOperatorOverloads(name, category, syntax, found, ANY_CASE);
      if (!found.isEmpty()) {
        return;
      }
    }
  }

  @Override
  public List<SqlOperator> getOperatorList() {
    var all = new ArrayList<>(ours.values());
    for (var table : others) {
      all.addAll(table.getOperatorList());
    }
    return all;
  }
}
