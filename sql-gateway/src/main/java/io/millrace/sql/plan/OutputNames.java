package io.millrace.sql.plan;

import java.util.List;
import java.util.Locale;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlWith;
import org.jspecify.annotations.Nullable;

/** Names of output columns that the user gave none, as PostgreSQL forms them. */
final class OutputNames {
  private final @Nullable List<SqlNode> items;

  OutputNames(SqlNode statement) {
    items = items(statement);
  }

  private static @Nullable List<SqlNode> items(SqlNode node) {
    return switch (node) {
      case SqlSelect select -> select.getSelectList().getList();
      case SqlOrderBy order -> items(order.query);
      case SqlWith with -> items(with.body);
      case SqlCall call when call.getKind().belongsTo(SqlKind.SET_QUERY) -> items(call.operand(0));
      default -> null;
    };
  }

  /** The name of a column. */
  String name(int index, String calciteName) {
    if (!calciteName.startsWith("EXPR$")) {
      return calciteName;
    }
    if (items == null || index >= items.size()) {
      return "column" + (index + 1);
    }
    return name(items.get(index));
  }

  private static String name(SqlNode node) {
    if (node instanceof SqlIdentifier id) {
      return id.names.getLast();
    }
    if (!(node instanceof SqlCall call)) {
      return "?column?";
    }
    return switch (call.getKind()) {
      case AS -> name(call.operand(1));
      case CASE -> "case";
      case CAST -> castName(call);
      case OVER, FILTER, WITHIN_GROUP -> name(call.operand(0));
      default ->
          call.getOperator() instanceof org.apache.calcite.sql.SqlFunction function
              ? functionName(function.getName())
              : "?column?";
    };
  }

  private static String functionName(String name) {
    var lower = name.toLowerCase(Locale.ROOT);
    return lower.equals("char_length") ? "length" : lower;
  }

  private static String castName(SqlCall cast) {
    var inner = name(cast.operand(0));
    if (!inner.equals("?column?")) {
      return inner;
    }
    return cast.operand(1) instanceof SqlDataTypeSpec type
        ? switch (String.valueOf(type.getTypeName()).toLowerCase(Locale.ROOT)) {
          case "varchar" -> "varchar";
          case "integer" -> "int4";
          case "bigint" -> "int8";
          case "boolean" -> "bool";
          case "double" -> "float8";
          case "decimal" -> "numeric";
          default -> String.valueOf(type.getTypeName()).toLowerCase(Locale.ROOT);
        }
        : inner;
  }
}
