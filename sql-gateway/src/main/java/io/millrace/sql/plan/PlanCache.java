package io.millrace.sql.plan;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.millrace.engine.table.Table;
import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import io.millrace.sql.parse.Normal;
import io.millrace.sql.types.PgType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import org.apache.calcite.runtime.CalciteException;
import org.apache.calcite.util.CancelFlag;
import org.jspecify.annotations.Nullable;

/**
 * Plans by the shape of their statement: text with literals replaced, parameter types, catalogue
 * version. A shape is looked up twice: first to learn which literals its plan depends on, then with
 * those literals for the plan.
 */
public final class PlanCache {
  private static final int SHAPES = 1024;
  private static final Duration IDLE = Duration.ofMinutes(30);

  private record ShapeKey(String shape, List<PgType> types, long catalog) {}

  private record PlanKey(ShapeKey shape, List<String> kept) {}

  /** Which literals of a shape are parameters. */
  private record Mask(int[] parameters) {
    boolean keeps(int literal) {
      for (int parameter : parameters) {
        if (parameter == literal) {
          return false;
        }
      }
      return true;
    }
  }

  private final Supplier<List<Table>> tables;
  private final java.util.function.Function<Supplier<CatalogView>, List<Table>> virtualTables;
  private final ToDoubleFunction<Table> rowCounts;
  private final StatementPlanner planner;
  private final Cache<ShapeKey, Mask> masks =
      Caffeine.newBuilder().maximumSize(SHAPES).expireAfterAccess(IDLE).build();
  private final Cache<PlanKey, Planned> plans =
      Caffeine.newBuilder().maximumSize(SHAPES).expireAfterAccess(IDLE).build();
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder planNanos = new LongAdder();
  private volatile @Nullable CatalogView current;

  /**
   * A cache over tables.
   *
   * @param tables the tables of the moment
   * @param virtualTables makes the catalogue tables over a view that is being built
   * @param rowCounts estimated rows of a table
   * @param fallbackAllowed whether Calcite's Enumerable may run parts of a plan
   */
  public PlanCache(
      Supplier<List<Table>> tables,
      java.util.function.Function<Supplier<CatalogView>, List<Table>> virtualTables,
      ToDoubleFunction<Table> rowCounts,
      ToIntFunction<Table> tableOids,
      boolean fallbackAllowed) {
    this.tables = tables;
    this.virtualTables = virtualTables;
    this.rowCounts = rowCounts;
    this.planner = new StatementPlanner(tableOids, fallbackAllowed);
  }

  /** The catalogue of the moment. */
  public CatalogView catalog() {
    var now = tables.get();
    var known = current;
    return known != null && known.isOf(now) ? known : renew(now);
  }

  private synchronized CatalogView renew(List<Table> now) {
    var known = current;
    if (known != null && known.isOf(now)) {
      return known;
    }
    var holder = new CatalogView[1];
    var all = new ArrayList<>(now);
    all.addAll(virtualTables.apply(() -> holder[0]));
    var view = new CatalogView(known == null ? 1 : known.version() + 1, now, all, rowCounts);
    holder[0] = view;
    current = view;
    return view;
  }

  /** The plan of a statement if it is at hand, otherwise null. */
  public @Nullable Planned cached(Normal normal, List<PgType> types) {
    var shape = new ShapeKey(normal.shape(), types, catalog().version());
    var mask = masks.getIfPresent(shape);
    var plan = mask == null ? null : plans.getIfPresent(new PlanKey(shape, kept(normal, mask)));
    if (plan != null) {
      hits.increment();
    }
    return plan;
  }

  /** Plans a statement that is not {@link #cached}. */
  public Planned plan(Normal normal, List<PgType> types, CancelFlag cancel) {
    var catalog = catalog();
    var shape = new ShapeKey(normal.shape(), types, catalog.version());
    misses.increment();
    var begin = System.nanoTime();
    try {
      var plan = miss(normal, types, catalog, cancel);
      var found = new Mask(plan.literals());
      masks.put(shape, found);
      plans.put(new PlanKey(shape, kept(normal, found)), plan);
      return plan;
    } finally {
      planNanos.add(System.nanoTime() - begin);
    }
  }

  private static List<String> kept(Normal normal, Mask mask) {
    var literals = normal.literals();
    if (literals.isEmpty() || literals.size() == mask.parameters.length) {
      return List.of();
    }
    var kept = new ArrayList<String>();
    for (int i = 0; i < literals.size(); i++) {
      if (mask.keeps(i)) {
        kept.add(literals.get(i).text());
      }
    }
    return kept;
  }

  private Planned miss(Normal normal, List<PgType> types, CatalogView catalog, CancelFlag cancel) {
    try {
      try {
        return planner.plan(normal, types, catalog, true, cancel);
      } catch (SqlProblem | CalciteException | UnsupportedOperationException first) {
        if (normal.literals().isEmpty()) {
          throw first;
        }
        return planner.plan(normal, types, catalog, false, cancel);
      }
    } catch (StackOverflowError deep) {
      throw SqlProblem.withHint(
          SqlState.TOO_COMPLEX, "statement is too complex", "Nest fewer expressions.");
    } catch (org.apache.calcite.plan.RelOptPlanner.CannotPlanException none) {
      throw new SqlProblem(
          SqlState.FEATURE_NOT_SUPPORTED, "no operator can run this statement", 0, null, none);
    } catch (CalciteException | UnsupportedOperationException | AssertionError refused) {
      throw new SqlProblem(
          SqlState.FEATURE_NOT_SUPPORTED, String.valueOf(refused.getMessage()), 0, null, refused);
    }
  }

  /** Statements answered without planning. */
  public long hits() {
    return hits.sum();
  }

  /** Statements planned. */
  public long misses() {
    return misses.sum();
  }

  /** Time spent planning. */
  public long planNanos() {
    return planNanos.sum();
  }
}
