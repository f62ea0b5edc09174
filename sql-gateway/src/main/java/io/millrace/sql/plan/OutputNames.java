package io.millrace.sql.plan;

import java.util.List;
import java.util.Locale;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
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
  private final @Nullable List<String> names;
  private final boolean complete;

  /** The names in a statement; the validator changes it, so they are read at once. */
  OutputNames(SqlNode statement) {
    var items = items(statement);
    names = items == null ? null : items.stream().map(OutputNames::name).toList();
    complete = items != null && items.stream().noneMatch(OutputNames::isStar);
  }

  /** True when each column of the result has its item here: none is a star. */
  boolean complete() {
    return complete;
  }

  /** True for the number Calcite adds to a column of a star when another has its name. */
  boolean numbered(String name, String column) {
    return !complete
        && (names == null || !names.contains(name))
        && name.startsWith(column)
        && name.substring(column.length()).matches("\\d+");
  }

  private static boolean isStar(SqlNode item) {
    return item instanceof SqlIdentifier id && id.isStar();
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
    return names == null || index >= names.size() ? "column" + (index + 1) : names.get(index);
  }

  private static String name(SqlNode node) {
    if (node instanceof SqlIdentifier id) {
      return id.names.getLast();
    }
    if (!(node instanceof SqlCall call)) {
      return "?column?";
    }
    return switch (call.getKind()) {
      case AS -> {
        var alias = name(call.operand(1));
        yield alias.startsWith("EXPR$") ? name(call.operand(0)) : alias;
      }
      case CASE -> "case";
      case CAST -> castName(call);
      case OVER, FILTER, WITHIN_GROUP -> name(call.operand(0));
      default ->
          call.getOperator() instanceof org.apache.calcite.sql.SqlFunction function
              ? functionName(function.getName())
              : "?column?";
    };
  }

  private static boolean limited(SqlDataTypeSpec type) {
    return type.getTypeNameSpec() instanceof SqlBasicTypeNameSpec basic
        && basic.getPrecision() >= 0;
  }

  private static String functionName(String name) {
    var lower = name.toLowerCase(Locale.ROOT);
    return switch (lower) {
      case "char_length" -> "length";
      case "trim" -> "btrim";
      case "bytea_in" -> "bytea";
      case "extract_exact" -> "extract";
      case "translate3" -> "translate";
      default -> lower;
    };
  }

  private static String castName(SqlCall cast) {
    var inner = cast.operand(0).getKind() == SqlKind.CAST ? "?column?" : name(cast.operand(0));
    if (!inner.equals("?column?")) {
      return inner;
    }
    return cast.operand(1) instanceof SqlDataTypeSpec type
        ? switch (String.valueOf(type.getTypeName()).toLowerCase(Locale.ROOT)) {
          case "varchar" -> limited(type) ? "varchar" : "text";
          case "char" -> "bpchar";
          case "smallint" -> "int2";
          case "real" -> "float4";
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
