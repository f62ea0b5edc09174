package io.millrace.sql.session;

import io.millrace.sql.parse.Normal;
import io.millrace.sql.plan.PlanCache;
import io.millrace.sql.plan.Planned;
import io.millrace.sql.types.PgType;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.calcite.util.CancelFlag;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Plans statements of a session; only {@link #cancel} may come from another thread. */
final class Planning {
  private static final Logger LOG = LoggerFactory.getLogger(Planning.class);

  private final PlanCache plans;
  private final TimeLimit limit;
  private volatile @Nullable CancelFlag current;

  Planning(PlanCache plans, TimeLimit limit) {
    this.plans = plans;
    this.limit = limit;
  }

  /** Plans a statement whose plan is not at hand. */
  Planned plan(Normal normal, List<PgType> types) {
    var flag = new CancelFlag(new AtomicBoolean());
    current = flag;
    var late = new AtomicBoolean();
    var timeout =
        limit.schedule(() -> {
          late.set(true);
          flag.requestCancel();
        });
    try {
      return plans.plan(normal, types, flag);
    } catch (RuntimeException problem) {
      // A planner that was told to stop may say that it has found no plan.
      if (flag.isCancelRequested()) {
        throw late.get() ? TimeLimit.timedOut() : TimeLimit.userRequest();
      }
      warnOfCatalogue(normal, problem);
      throw problem;
    } finally {
      current = null;
      if (timeout != null) {
        timeout.cancel(false);
      }
    }
  }

  /** A tool asked the catalogue something we have no answer to: worth knowing. */
  private static void warnOfCatalogue(Normal normal, RuntimeException problem) {
    if (normal.shape().contains("pg_") || normal.shape().contains("information_schema")) {
      LOG.warn("catalogue statement not answered ({}): {}", problem.getMessage(), normal.shape());
    }
  }

  /** Asks the planner to stop; any thread. */
  void cancel() {
    var flag = current;
    if (flag != null) {
      flag.requestCancel();
    }
  }
}
