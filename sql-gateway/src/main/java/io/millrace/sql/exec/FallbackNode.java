package io.millrace.sql.exec;

import io.millrace.sql.run.ExecContext;
import io.millrace.sql.types.PgText;
import java.util.List;
import java.util.Map;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.java.JavaTypeFactory;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.linq4j.QueryProvider;
import org.apache.calcite.runtime.Bindable;
import org.apache.calcite.schema.SchemaPlus;
import org.jspecify.annotations.Nullable;

/** A part of the plan that Calcite's Enumerable convention runs because we have no operator. */
public final class FallbackNode extends PlanNode {
  private final Bindable<?> bindable;
  private final Map<String, Object> stashed;
  private final JavaTypeFactory types;
  private final String words;
  private final List<PlanNode> inputs;

  /** A compiled part with the values its code refers to and the plan nodes below it. */
  public FallbackNode(
      int width,
      Bindable<?> bindable,
      Map<String, Object> stashed,
      JavaTypeFactory types,
      String words) {
    super(width);
    this.bindable = bindable;
    this.stashed = Map.copyOf(stashed);
    this.types = types;
    this.words = words;
    this.inputs =
        stashed.values().stream()
            .filter(PlanSource.class::isInstance)
            .map(source -> ((PlanSource) source).node())
            .toList();
  }

  @Override
  public List<PlanNode> inputs() {
    return inputs;
  }

  @Override
  public int fallbacks() {
    return 1 + super.fallbacks();
  }

  @Override
  public String describe() {
    return "Fallback (Enumerable): " + words;
  }

  @Override
  protected Operator start(ExecContext ctx) {
    return new Deferred(() -> new Rows(bindable.bind(new Data(ctx)).enumerator(), ctx));
  }

  private final class Rows implements Operator {
    private final Enumerator<?> rows;
    private final ExecContext ctx;
    private final Batch batch = new Batch(width());

    Rows(Enumerator<?> rows, ExecContext ctx) {
      this.rows = rows;
      this.ctx = ctx;
    }

    @Override
    public @Nullable Batch next() {
      ctx.check();
      int count = 0;
      while (count < Batch.CAPACITY && rows.moveNext()) {
        fill(batch.rows[count++], rows.current());
        ctx.check();
      }
      batch.count = count;
      return count == 0 ? null : batch;
    }

    private void fill(@Nullable Object[] row, @Nullable Object current) {
      if (width() == 1 && !(current instanceof Object[])) {
        row[0] = ours(current);
        return;
      }
      var cells = (Object[]) java.util.Objects.requireNonNull(current);
      for (int i = 0; i < row.length; i++) {
        row[i] = ours(cells[i]);
      }
    }

    @Override
    public void close() {
      rows.close();
    }
  }

  private static @Nullable Object ours(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case ByteString bytes -> bytes.getBytes();
      case List<?> elements -> PgText.array(elements);
      case Float number -> number.doubleValue();
      case Short number -> number.intValue();
      case Byte number -> number.intValue();
      default -> value;
    };
  }

  private final class Data implements DataContext {
    private final ExecContext ctx;

    Data(ExecContext ctx) {
      this.ctx = ctx;
    }

    @Override
    public @Nullable SchemaPlus getRootSchema() {
      return null;
    }

    @Override
    public JavaTypeFactory getTypeFactory() {
      return types;
    }

    @Override
    public @Nullable QueryProvider getQueryProvider() {
      return null;
    }

    @Override
    public @Nullable Object get(String name) {
      if (name.equals(ExecContext.NAME)) {
        return ctx;
      }
      if (name.startsWith("?")) {
        return ctx.parameter(Integer.parseInt(name, 1, name.length(), 10));
      }
      return switch (name) {
        case "utcTimestamp", "currentTimestamp", "localTimestamp" -> ctx.nowMs();
        case "timeZone" -> java.util.TimeZone.getTimeZone("UTC");
        case "locale" -> java.util.Locale.ROOT;
        case "user" -> ctx.session().user();
        default -> stashed.get(name);
      };
    }
  }
}
