package io.millrace.sql.expr;

import io.millrace.sql.run.ExecContext;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/** The kinds of compiled expressions. */
public final class Exprs {
  static final @Nullable Object[] NO_ROW = new Object[0];

  private Exprs() {}

  /** A condition of which every part must hold. */
  public static Expr all(List<Expr> parts) {
    return parts.size() == 1 ? parts.getFirst() : new And(parts);
  }

  /** A column of the row. */
  public record Column(int index) implements Expr {
    @Override
    public @Nullable Object eval(@Nullable Object[] row, ExecContext ctx) {
      return row[index];
    }
  }

  /** A fixed value. */
  public record Constant(@Nullable Object value) implements Expr {
    @Override
    public @Nullable Object eval(@Nullable Object[] row, ExecContext ctx) {
      return value;
    }
  }

  /** A parameter of the statement. */
  public record Parameter(int index) implements Expr {
    @Override
    public @Nullable Object eval(@Nullable Object[] row, ExecContext ctx) {
      return ctx.parameter(index);
    }
  }

  /** Computed once per execution. */
  record Memo(int slot, Expr inner) implements Expr {
    @Override
    public @Nullable Object eval(@Nullable Object[] row, ExecContext ctx) {
      var kept = ctx.slot(slot);
      if (kept == null) {
        var made = ctx.scratch();
        var value = inner.eval(NO_ROW, ctx);
        ctx.keepScratch(made);
        ctx.slot(slot, value);
        return value;
      }
      return kept == ExecContext.nullMark() ? null : kept;
    }
  }

  record And(List<Expr> parts) implements Expr {
    @Override
    public @Nullable Object eval(@Nullable Object[] row, ExecContext ctx) {
      var unknown = false;
      for (int i = 0; i < parts.size(); i++) {
        var value = parts.get(i).eval(row, ctx);
        if (value == null) {
          unknown = true;
        } else if (!((Boolean) value)) {
          return false;
        }
      }
      return unknown ? null : Boolean.TRUE;
    }

    @Override
    public boolean test(@Nullable Object[] row, ExecContext ctx) {
      for (int i = 0; i < parts.size(); i++) {
        if (!parts.get(i).test(row, ctx)) {
          return false;
        }
      }
      return true;
    }
  }

  record Or(List<Expr> parts) implements Expr {
    @Override
    public @Nullable Object eval(@Nullable Object[] row, ExecContext ctx) {
      var unknown = false;
      for (int i = 0; i < parts.size(); i++) {
        var value = parts.get(i).eval(row, ctx);
        if (value == null) {
          unknown = true;
        } else if ((Boolean) value) {
          return true;
        }
      }
      return unknown ? null : Boolean.FALSE;
    }

    @Override
    public boolean test(@Nullable Object[] row, ExecContext ctx) {
      for (int i = 0; i < parts.size(); i++) {
        if (parts.get(i).test(row, ctx)) {
          return true;
        }
      }
      return false;
    }
  }

  record Truth(SqlKind kind, Expr inner) implements Expr {
    @Override
    public @Nullable Object eval(@Nullable Object[] row, ExecContext ctx) {
      var value = inner.eval(row, ctx);
      return switch (kind) {
        case IS_NULL -> value == null;
        case IS_NOT_NULL -> value != null;
        case IS_TRUE -> Boolean.TRUE.equals(value);
        case IS_FALSE -> Boolean.FALSE.equals(value);
        case IS_NOT_TRUE -> !Boolean.TRUE.equals(value);
        case IS_NOT_FALSE -> !Boolean.FALSE.equals(value);
        default -> value == null ? null : (Object) !((Boolean) value);
      };
    }
  }

  record Distinct(boolean distinct, Expr left, Expr right) implements Expr {
    @Override
    public Object eval(@Nullable Object[] row, ExecContext ctx) {
      var a = left.eval(row, ctx);
      var b = right.eval(row, ctx);
      var same = a == null || b == null ? a == b : SqlValues.compare(a, b) == 0;
      return same != distinct;
    }
  }

  record Case(List<Expr> parts) implements Expr {
    @Override
    public @Nullable Object eval(@Nullable Object[] row, ExecContext ctx) {
      int i = 0;
      for (; i + 1 < parts.size(); i += 2) {
        if (parts.get(i).test(row, ctx)) {
          return parts.get(i + 1).eval(row, ctx);
        }
      }
      return i < parts.size() ? parts.get(i).eval(row, ctx) : null;
    }
  }

  record Coalesce(List<Expr> parts) implements Expr {
    @Override
    public @Nullable Object eval(@Nullable Object[] row, ExecContext ctx) {
      for (int i = 0; i < parts.size(); i++) {
        var value = parts.get(i).eval(row, ctx);
        if (value != null) {
          return value;
        }
      }
      return null;
    }
  }

  record Function(ScalarFunction function, List<Expr> parts) implements Expr {
    @Override
    public @Nullable Object eval(@Nullable Object[] row, ExecContext ctx) {
      var args = new @Nullable Object[parts.size()];
      for (int i = 0; i < args.length; i++) {
        var value = parts.get(i).eval(row, ctx);
        if (value == null && function.strict()) {
          return null;
        }
        args[i] = value;
      }
      var made = ctx.scratch();
      var value = function.body().apply(args, ctx);
      if (value instanceof String text && ctx.scratch() == made) {
        ctx.making(text.length());
      }
      return value;
    }
  }

  record Strict(StandardFunctions.Body body, List<Expr> parts) implements Expr {
    @Override
    public @Nullable Object eval(@Nullable Object[] row, ExecContext ctx) {
      var args = new Object[parts.size()];
      long size = 0;
      for (int i = 0; i < args.length; i++) {
        var value = parts.get(i).eval(row, ctx);
        if (value == null) {
          return null;
        }
        args[i] = value;
        size += value instanceof String text ? text.length() : 0;
      }
      // None of them makes more than it was given.
      ctx.making(size);
      return body.apply(args);
    }
  }

  /** LIKE; the pattern is read once when it does not depend on the row. */
  record Like(Expr text, Expr pattern, @Nullable Expr escape, boolean ignoreCase, int slot)
      implements Expr {
    @Override
    public @Nullable Object eval(@Nullable Object[] row, ExecContext ctx) {
      var value = text.eval(row, ctx);
      if (value == null) {
        return null;
      }
      var like = pattern(row, ctx);
      return like == null ? null : (Object) like.matches(value.toString(), ctx);
    }

    private @Nullable LikePattern pattern(@Nullable Object[] row, ExecContext ctx) {
      if (slot >= 0 && ctx.slot(slot) instanceof LikePattern kept) {
        return kept;
      }
      var like = pattern.eval(row, ctx);
      if (like == null) {
        return null;
      }
      var escaped = escape == null ? null : String.valueOf(escape.eval(row, ctx));
      var read = LikePattern.of(like.toString(), escaped, ignoreCase);
      if (slot >= 0) {
        ctx.slot(slot, read);
      }
      return read;
    }
  }

  /** A regular expression that a part of the text must match. */
  record Regex(Expr text, Expr pattern, boolean ignoreCase) implements Expr {
    @Override
    public @Nullable Object eval(@Nullable Object[] row, ExecContext ctx) {
      var value = text.eval(row, ctx);
      var source = value == null ? null : pattern.eval(row, ctx);
      return value == null || source == null
          ? null
          : (Object)
              LinearPattern.posix(source.toString(), ignoreCase, ctx).find(value.toString(), ctx);
    }
  }

  /** SIMILAR TO, which matches the whole text. */
  record Similar(Expr text, Expr pattern, @Nullable Expr escape) implements Expr {
    @Override
    public @Nullable Object eval(@Nullable Object[] row, ExecContext ctx) {
      var value = text.eval(row, ctx);
      var source = value == null ? null : pattern.eval(row, ctx);
      var by = escape == null ? null : escape.eval(row, ctx);
      if (value == null || source == null || escape != null && by == null) {
        return null;
      }
      return LinearPattern.similar(source.toString(), by == null ? null : by.toString(), ctx)
          .find(value.toString(), ctx);
    }
  }

  record InSet(
      Expr value, Set<Object> points, boolean negated, @Nullable Boolean nullAs, SqlTypeName type)
      implements Expr {
    @Override
    public @Nullable Object eval(@Nullable Object[] row, ExecContext ctx) {
      var found = value.eval(row, ctx);
      return found == null ? nullAs : (Object) (points.contains(key(found, type)) != negated);
    }

    static Object key(Object value, SqlTypeName type) {
      return switch (type) {
        case REAL, FLOAT, DOUBLE -> SqlValues.key(((Number) value).doubleValue());
        case DECIMAL -> SqlValues.key(SqlValues.decimal(value));
        case TINYINT, SMALLINT, INTEGER, BIGINT ->
            value instanceof BigDecimal exact && exact.stripTrailingZeros().scale() > 0
                ? exact
                : (Object) ((Number) value).longValue();
        default -> SqlValues.key(value);
      };
    }
  }
}
