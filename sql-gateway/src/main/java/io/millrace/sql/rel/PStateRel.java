package io.millrace.sql.rel;

import io.millrace.sql.exec.PlanNode;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.rel.RelNode;

/** A relational node that our own operators execute. */
public interface PStateRel extends RelNode {
  /** The calling convention of our operators. */
  Convention CONVENTION = new Convention.Impl("PSTATE", PStateRel.class);

  /** Share of the default cost: ours before the fallback. */
  double COST_FACTOR = 0.1;

  /** The plan node that executes this node. */
  PlanNode toPlan(PlanBuilder builder);
}
