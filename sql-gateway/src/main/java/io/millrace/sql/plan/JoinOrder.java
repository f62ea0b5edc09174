package io.millrace.sql.plan;

import org.apache.calcite.plan.hep.HepMatchOrder;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgram;
import org.apache.calcite.plan.hep.HepProgramBuilder;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.rules.CoreRules;

/** Orders inner joins by the sizes of their inputs, so that no product of tables arises. */
final class JoinOrder {
  private static final HepProgram COLLECT =
      new HepProgramBuilder()
          .addRuleInstance(CoreRules.FILTER_INTO_JOIN)
          .addMatchOrder(HepMatchOrder.BOTTOM_UP)
          .addRuleInstance(CoreRules.JOIN_TO_MULTI_JOIN)
          .build();

  private static final HepProgram ORDER =
      new HepProgramBuilder().addRuleInstance(CoreRules.MULTI_JOIN_OPTIMIZE).build();

  private static final HepProgram CLEAN =
      new HepProgramBuilder()
          .addRuleInstance(CoreRules.PROJECT_MERGE)
          .addRuleInstance(CoreRules.PROJECT_REMOVE)
          .addRuleInstance(CoreRules.FILTER_INTO_JOIN)
          .addRuleInstance(CoreRules.FILTER_MERGE)
          .build();

  private JoinOrder() {}

  static RelNode reorder(RelNode rel) {
    return run(CLEAN, run(ORDER, run(COLLECT, rel)));
  }

  private static RelNode run(HepProgram program, RelNode rel) {
    var planner = new HepPlanner(program);
    planner.setRoot(rel);
    return planner.findBestExp();
  }
}
