package io.millrace.sql.expr;

import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import io.millrace.sql.run.ExecContext;
import io.millrace.sql.types.PgArray;
import io.millrace.sql.types.PgText;
import io.millrace.sql.types.PgType;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlLikeOperator;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlOperandCountRanges;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeTransforms;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.jspecify.annotations.Nullable;

/**
 * {@code value <op> ANY (array)} or ALL, where the array is text. Its elements have the type that
 * was named for the array, or that of the value.
 */
public final class ArrayComparison extends SqlFunction {
  private static final long DAY_MS = 86_400_000L;
  private static final int FEW = 4;

  private final SqlKind test;
  private final String symbol;
  private final boolean negated;
  private final boolean ignoreCase;
  private final boolean all;
  private final @Nullable PgType element;

  private ArrayComparison(
      SqlKind test,
      String symbol,
      boolean negated,
      boolean ignoreCase,
      boolean all,
      @Nullable PgType element) {
    super(
        symbol + (all ? " ALL" : " ANY") + (element == null ? "" : " " + element.array().sqlName()),
        SqlKind.OTHER_FUNCTION,
        ReturnTypes.BOOLEAN.andThen(SqlTypeTransforms.FORCE_NULLABLE),
        (call, returned, operands) -> infer(element, call.getTypeFactory(), operands),
        OperandTypes.variadic(SqlOperandCountRanges.of(2)),
        SqlFunctionCategory.USER_DEFINED_FUNCTION);
    this.test = test;
    this.symbol = symbol;
    this.negated = negated;
    this.ignoreCase = ignoreCase;
    this.all = all;
    this.element = element;
  }

  /**
   * A comparison with an array.
   *
   * @param operator the operator between value and element
   * @param element type of the elements, null for that of the value
   * @throws SqlProblem when the operator does not compare
   */
  public static ArrayComparison of(SqlOperator operator, boolean all, @Nullable PgType element) {
    var kind = operator.getKind();
    var name = operator.getName();
    return switch (kind) {
      case EQUALS, NOT_EQUALS, LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL ->
          new ArrayComparison(kind, name, false, false, all, element);
      case LIKE -> {
        var like = (SqlLikeOperator) operator;
        yield new ArrayComparison(
            kind, name, like.isNegated(), !like.isCaseSensitive(), all, element);
      }
      case POSIX_REGEX_CASE_SENSITIVE, POSIX_REGEX_CASE_INSENSITIVE ->
          new ArrayComparison(
              kind,
              name,
              name.startsWith("NEGATED"),
              kind == SqlKind.POSIX_REGEX_CASE_INSENSITIVE,
              all,
              element);
      default ->
          throw new SqlProblem(
              SqlState.WRONG_OBJECT_TYPE, "op ANY/ALL (array) requires operator to yield boolean");
    };
  }

  /** Not looked up by name, as functions are: each is made for its comparison. */
  @Override
  public RelDataType deriveType(SqlValidator validator, SqlValidatorScope scope, SqlCall call) {
    var value = validator.deriveType(scope, call.operand(0));
    validator.deriveType(scope, call.operand(1));
    if (value.getSqlTypeName() != SqlTypeName.UNKNOWN) {
      refuseMixed(own(value), value.getSqlTypeName() == SqlTypeName.NULL);
    }
    return validateOperands(validator, scope, call);
  }

  private static PgType own(RelDataType type) {
    return type.getSqlTypeName() == SqlTypeName.NULL ? PgType.TEXT : PgTypes.of(type);
  }

  /** The type of a value that has none of its own is that of the elements. */
  private static void infer(@Nullable PgType element, RelDataTypeFactory types, RelDataType[] to) {
    to[0] = PgTypes.of(element == null ? PgType.TEXT : element, types);
    to[1] = PgTypes.of(PgType.TEXT, types);
  }

  private void refuseMixed(PgType own, boolean isNull) {
    var of = element == null ? own : element;
    var textual = test == SqlKind.LIKE || test.name().startsWith("POSIX");
    if (!isNull && family(own) != family(of) || textual && family(of) != Family.TEXT) {
      throw new SqlProblem(
          SqlState.UNDEFINED_FUNCTION,
          "operator does not exist: "
              + own.sqlName()
              + " "
              + symbol.toLowerCase(Locale.ROOT)
              + " "
              + of.sqlName());
    }
  }

  /** True when upper and lower case are the same. */
  boolean ignoreCase() {
    return ignoreCase;
  }

  /**
   * The expression that computes it.
   *
   * @param regex makes a comparison with one regular expression
   * @param slot where an execution may keep the elements, or -1 when they depend on the row
   */
  Expr compile(Expr value, RelDataType type, Expr array, int slot, OneMatch regex) {
    var own = own(type);
    var of = element == null ? own : element;
    return new Compiled(this, value, own, array, of, slot, regex);
  }

  /** Makes a test of a value by one constant. */
  interface OneMatch {
    /** The test. */
    Expr with(Expr value, Expr constant);
  }

  private enum Family {
    NUMBER,
    TEXT,
    BOOLEAN,
    BYTES,
    MOMENT,
    TIME
  }

  private static Family family(PgType type) {
    return switch (type) {
      case INT2, INT4, INT8, OID, FLOAT4, FLOAT8, NUMERIC -> Family.NUMBER;
      case BOOL -> Family.BOOLEAN;
      case BYTEA -> Family.BYTES;
      case DATE, TIMESTAMP, TIMESTAMPTZ -> Family.MOMENT;
      case TIME -> Family.TIME;
      default -> Family.TEXT;
    };
  }

  /** The elements of an array, ready to be compared with. */
  private record Elements(
      List<@Nullable Object> values, @Nullable Set<Object> known, boolean hasNull) {}

  private record Compiled(
      ArrayComparison of,
      Expr value,
      PgType type,
      Expr array,
      PgType element,
      int slot,
      OneMatch regex)
      implements Expr {
    @Override
    public @Nullable Object eval(@Nullable Object[] row, ExecContext ctx) {
      var elements = elements(row, ctx);
      if (elements == null) {
        return null;
      }
      if (elements.values.isEmpty()) {
        return of.all;
      }
      var own = value.eval(row, ctx);
      if (own == null) {
        return null;
      }
      var known = elements.known;
      return known == null
          ? oneByOne(elements, own, row, ctx)
          : membership(elements, known.contains(SqlValues.key(own)));
    }

    /** Equal to any, or different from all. */
    private @Nullable Object membership(Elements elements, boolean found) {
      return found ? (Object) !of.all : elements.hasNull ? null : (Object) of.all;
    }

    private @Nullable Object oneByOne(
        Elements elements, Object own, @Nullable Object[] row, ExecContext ctx) {
      var unknown = elements.hasNull;
      for (var other : elements.values) {
        if (other == null) {
          continue;
        }
        var holds = holds(own, other, row, ctx);
        if (holds == null) {
          unknown = true;
        } else if (holds != of.all) {
          return !of.all;
        }
      }
      return unknown ? null : (Object) of.all;
    }

    private @Nullable Boolean holds(
        Object own, Object other, @Nullable Object[] row, ExecContext ctx) {
      if (other instanceof LikePattern like) {
        return like.matches(own.toString(), ctx) != of.negated;
      }
      if (other instanceof Expr match) {
        var matches = (Boolean) match.eval(row, ctx);
        return matches == null ? null : (Boolean) (matches != of.negated);
      }
      var order = SqlValues.compare(moment(own, type), moment(other, element));
      return switch (of.test) {
        case EQUALS -> order == 0;
        case NOT_EQUALS -> order != 0;
        case LESS_THAN -> order < 0;
        case LESS_THAN_OR_EQUAL -> order <= 0;
        case GREATER_THAN -> order > 0;
        default -> order >= 0;
      };
    }

    /** Dates and times of one scale where they are mixed. */
    private Object moment(Object value, PgType is) {
      return is == PgType.DATE && (type != PgType.DATE || element != PgType.DATE)
          ? (Object) (((Number) value).longValue() * DAY_MS)
          : value;
    }

    private @Nullable Elements elements(@Nullable Object[] row, ExecContext ctx) {
      if (slot >= 0 && ctx.slot(slot) instanceof Elements kept) {
        return kept;
      }
      var text = array.eval(row, ctx);
      if (text == null) {
        return null;
      }
      ctx.making(text.toString().length());
      var read = read(text.toString());
      if (slot >= 0) {
        ctx.slot(slot, read);
      }
      return read;
    }

    private Elements read(String text) {
      var values = new ArrayList<@Nullable Object>();
      var hasNull = false;
      for (var one : PgArray.elements(text)) {
        hasNull |= one == null;
        values.add(one == null ? null : ready(PgText.parse(element, one, ZoneOffset.UTC)));
      }
      return new Elements(values, keys(values), hasNull);
    }

    private Object ready(Object parsed) {
      return switch (of.test) {
        case LIKE -> LikePattern.of(parsed.toString(), null, of.ignoreCase);
        case POSIX_REGEX_CASE_SENSITIVE, POSIX_REGEX_CASE_INSENSITIVE ->
            regex.with(value, new Exprs.Constant(parsed));
        default -> parsed;
      };
    }

    /** Keys of the elements where looking them up says the same as comparing. */
    private @Nullable Set<Object> keys(List<@Nullable Object> values) {
      var sought = of.test == (of.all ? SqlKind.NOT_EQUALS : SqlKind.EQUALS);
      var same = whole(type) && whole(element) || family(type) == Family.TEXT;
      if (!sought || !same || values.size() <= FEW) {
        return null;
      }
      var keys = new HashSet<Object>();
      for (var value : values) {
        if (value != null) {
          keys.add(SqlValues.key(value));
        }
      }
      return keys;
    }

    private static boolean whole(PgType type) {
      return type == PgType.INT2
          || type == PgType.INT4
          || type == PgType.INT8
          || type == PgType.OID;
    }
  }
}
