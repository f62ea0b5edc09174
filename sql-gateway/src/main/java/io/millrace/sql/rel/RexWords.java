package io.millrace.sql.rel;

import java.util.List;
import java.util.Locale;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;

/** Row expressions as a user would write them. */
final class RexWords {
  private static final int LIMIT = 300;

  private RexWords() {}

  static String of(RexNode node, List<String> names) {
    var words = new StringBuilder();
    write(node, names, words);
    return words.length() > LIMIT ? words.substring(0, LIMIT) + "..." : words.toString();
  }

  private static void write(RexNode node, List<String> names, StringBuilder out) {
    if (out.length() > LIMIT) {
      return;
    }
    switch (node) {
      case RexInputRef ref -> out.append(names.get(ref.getIndex()));
      case RexDynamicParam parameter -> out.append('$').append(parameter.getIndex() + 1);
      case RexCall call when call.getKind() == SqlKind.CAST ->
          write(call.getOperands().get(0), names, out);
      case RexCall call when infix(call) -> {
        for (int i = 0; i < call.getOperands().size(); i++) {
          if (i > 0) {
            out.append(' ').append(call.getOperator().getName().toLowerCase(Locale.ROOT));
            out.append(' ');
          }
          var operand = call.getOperands().get(i);
          var nested = operand instanceof RexCall inner && infix(inner) && logical(inner);
          out.append(nested ? "(" : "");
          write(operand, names, out);
          out.append(nested ? ")" : "");
        }
      }
      case RexCall call when postfix(call) -> {
        write(call.getOperands().get(0), names, out);
        out.append(' ').append(call.getOperator().getName().toLowerCase(Locale.ROOT));
      }
      case RexCall call -> {
        out.append(call.getOperator().getName().toLowerCase(Locale.ROOT)).append('(');
        for (int i = 0; i < call.getOperands().size(); i++) {
          out.append(i > 0 ? ", " : "");
          write(call.getOperands().get(i), names, out);
        }
        out.append(')');
      }
      default -> out.append(node);
    }
  }

  private static boolean logical(RexCall call) {
    return call.getKind() == SqlKind.AND || call.getKind() == SqlKind.OR;
  }

  private static boolean postfix(RexCall call) {
    return switch (call.getKind()) {
      case IS_NULL, IS_NOT_NULL, IS_TRUE, IS_FALSE, IS_NOT_TRUE, IS_NOT_FALSE -> true;
      default -> false;
    };
  }

  private static boolean infix(RexCall call) {
    return call.getOperands().size() > 1
        && switch (call.getKind()) {
          case AND,
              OR,
              EQUALS,
              NOT_EQUALS,
              LESS_THAN,
              LESS_THAN_OR_EQUAL,
              GREATER_THAN,
              GREATER_THAN_OR_EQUAL,
              PLUS,
              MINUS,
              TIMES,
              DIVIDE,
              LIKE ->
              true;
          default -> false;
        };
  }
}
