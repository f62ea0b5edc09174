package io.millrace.sql.plan;

import io.millrace.sql.expr.FallbackFunction;
import io.millrace.sql.rel.PStateRel;
import io.millrace.sql.rel.PStateRules;
import java.util.List;
import org.apache.calcite.plan.Contexts;
import org.apache.calcite.plan.ConventionTraitDef;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgram;
import org.apache.calcite.plan.hep.HepProgramBuilder;
import org.apache.calcite.plan.volcano.VolcanoPlanner;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.RelFactories;
import org.apache.calcite.rel.rules.CoreRules;
import org.apache.calcite.rel.rules.PruneEmptyRules;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql2rel.RelDecorrelator;
import org.apache.calcite.tools.RelBuilder;
import org.apache.calcite.util.CancelFlag;

/** From logical nodes to nodes of the PSTATE convention. */
final class Optimizer {
  private static final HepProgram SUBQUERIES =
      new HepProgramBuilder()
          .addRuleCollection(
              List.of(
                  CoreRules.FILTER_SUB_QUERY_TO_CORRELATE,
                  CoreRules.PROJECT_SUB_QUERY_TO_CORRELATE,
                  CoreRules.JOIN_SUB_QUERY_TO_CORRELATE))
          .build();

  private static final HepProgram REWRITE =
      new HepProgramBuilder()
          .addRuleCollection(
              List.of(
                  CoreRules.FILTER_INTO_JOIN,
                  CoreRules.JOIN_CONDITION_PUSH,
                  CoreRules.JOIN_PUSH_EXPRESSIONS,
                  CoreRules.FILTER_PROJECT_TRANSPOSE,
                  CoreRules.FILTER_AGGREGATE_TRANSPOSE,
                  CoreRules.FILTER_SET_OP_TRANSPOSE,
                  CoreRules.FILTER_MERGE,
                  CoreRules.FILTER_REDUCE_EXPRESSIONS,
                  CoreRules.PROJECT_MERGE,
                  CoreRules.PROJECT_REMOVE,
                  CoreRules.UNION_TO_DISTINCT,
                  CoreRules.UNION_MERGE,
                  CoreRules.INTERSECT_TO_DISTINCT,
                  CoreRules.MINUS_TO_DISTINCT,
                  CoreRules.PROJECT_TO_LOGICAL_PROJECT_AND_WINDOW,
                  PruneEmptyRules.FILTER_INSTANCE,
                  PruneEmptyRules.PROJECT_INSTANCE,
                  PruneEmptyRules.SORT_INSTANCE,
                  PruneEmptyRules.SORT_FETCH_ZERO_INSTANCE,
                  PruneEmptyRules.JOIN_LEFT_INSTANCE,
                  PruneEmptyRules.JOIN_RIGHT_INSTANCE))
          .build();

  private static final HepProgram CALCS =
      new HepProgramBuilder()
          .addRuleCollection(
              List.of(
                  org.apache.calcite.adapter.enumerable.EnumerableRules
                      .ENUMERABLE_PROJECT_TO_CALC_RULE,
                  org.apache.calcite.adapter.enumerable.EnumerableRules
                      .ENUMERABLE_FILTER_TO_CALC_RULE,
                  CoreRules.CALC_MERGE))
          .build();

  private static final List<RelOptRule> OWN = PStateRules.own();
  private static final List<RelOptRule> FALLBACK = PStateRules.fallback();

  private final VolcanoPlanner volcano;
  private final RelOptCluster cluster;

  Optimizer(RexBuilder rex, CancelFlag cancel) {
    volcano = new VolcanoPlanner(Contexts.of(cancel));
    volcano.addRelTraitDef(ConventionTraitDef.INSTANCE);
    volcano.setExecutor(Optimizer::leave);
    cluster = RelOptCluster.create(volcano, rex);
  }

  /** Constants are computed by our own operators only: Calcite's rounds otherwise. */
  private static void leave(RexBuilder rex, List<RexNode> constants, List<RexNode> reduced) {
    reduced.addAll(constants);
  }

  RelOptCluster cluster() {
    return cluster;
  }

  /** Plans a converted statement. */
  RelNode optimize(RelNode logical) {
    var builder = RelFactories.LOGICAL_BUILDER.create(cluster, null);
    var flat = hep(SUBQUERIES, logical);
    flat = RelDecorrelator.decorrelateQuery(flat, builder);
    var trimmed = trim(flat, builder);
    var rewritten = hep(REWRITE, trimmed);
    if (joins(rewritten) > 1) {
      rewritten = JoinOrder.reorder(rewritten);
    }
    OWN.forEach(volcano::addRule);
    try {
      return physical(rewritten);
    } catch (RelOptPlanner.CannotPlanException needsFallback) {
      volcano.clear();
      OWN.forEach(volcano::addRule);
      FALLBACK.forEach(volcano::addRule);
      return FallbackFunction.guard(hep(CALCS, physical(FallbackFunction.replaceIn(rewritten))));
    }
  }

  private RelNode physical(RelNode logical) {
    volcano.setRoot(
        volcano.changeTraits(logical, logical.getTraitSet().replace(PStateRel.CONVENTION)));
    return volcano.findBestExp();
  }

  private RelNode trim(RelNode rel, RelBuilder builder) {
    if (rel instanceof org.apache.calcite.rel.core.TableModify) {
      return rel;
    }
    return new org.apache.calcite.sql2rel.RelFieldTrimmer(null, builder).trim(rel);
  }

  private RelNode hep(HepProgram program, RelNode rel) {
    var planner = new HepPlanner(program, volcano.getContext());
    planner.setRoot(rel);
    return planner.findBestExp();
  }

  private static int joins(RelNode rel) {
    int count = rel instanceof Join ? 1 : 0;
    for (var input : rel.getInputs()) {
      count += joins(input);
    }
    return count;
  }
}
