package io.millrace.sql.rel;

import io.millrace.sql.exec.PlanNode;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.prepare.Prepare;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.TableModify;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.core.Union;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/** The relational nodes of the PSTATE convention, one per kind of operator. */
final class PStateRels {
  private PStateRels() {}

  private static @Nullable RelOptCost cheap(@Nullable RelOptCost cost) {
    return cost == null ? null : cost.multiplyBy(PStateRel.COST_FACTOR);
  }

  static final class Scan extends TableScan implements PStateRel {
    Scan(RelOptCluster cluster, RelTraitSet traits, RelOptTable table) {
      super(cluster, traits, List.of(), table);
    }

    @Override
    public RelNode copy(RelTraitSet traitSet, List<RelNode> inputs) {
      return this;
    }

    @Override
    public @Nullable RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
      return cheap(super.computeSelfCost(planner, mq));
    }

    @Override
    public PlanNode toPlan(PlanBuilder builder) {
      return builder.scan(this);
    }
  }

  static final class Where extends Filter implements PStateRel {
    Where(RelOptCluster cluster, RelTraitSet traits, RelNode input, RexNode condition) {
      super(cluster, traits, input, condition);
    }

    @Override
    public Filter copy(RelTraitSet traitSet, RelNode input, RexNode condition) {
      return new Where(getCluster(), traitSet, input, condition);
    }

    @Override
    public @Nullable RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
      return cheap(super.computeSelfCost(planner, mq));
    }

    @Override
    public PlanNode toPlan(PlanBuilder builder) {
      return builder.filter(this);
    }
  }

  static final class Select extends Project implements PStateRel {
    Select(
        RelOptCluster cluster,
        RelTraitSet traits,
        RelNode input,
        List<? extends RexNode> projects,
        RelDataType rowType) {
      super(cluster, traits, List.of(), input, projects, rowType, Set.of());
    }

    @Override
    public Project copy(
        RelTraitSet traitSet, RelNode input, List<RexNode> projects, RelDataType rowType) {
      return new Select(getCluster(), traitSet, input, projects, rowType);
    }

    @Override
    public @Nullable RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
      return cheap(super.computeSelfCost(planner, mq));
    }

    @Override
    public PlanNode toPlan(PlanBuilder builder) {
      return builder.project(this);
    }
  }

  static final class Order extends Sort implements PStateRel {
    Order(
        RelOptCluster cluster,
        RelTraitSet traits,
        RelNode input,
        RelCollation collation,
        @Nullable RexNode offset,
        @Nullable RexNode fetch) {
      super(cluster, traits, input, collation, offset, fetch);
    }

    @Override
    public Sort copy(
        RelTraitSet traitSet,
        RelNode newInput,
        RelCollation newCollation,
        @Nullable RexNode offset,
        @Nullable RexNode fetch) {
      return new Order(getCluster(), traitSet, newInput, newCollation, offset, fetch);
    }

    @Override
    public @Nullable RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
      return cheap(super.computeSelfCost(planner, mq));
    }

    @Override
    public PlanNode toPlan(PlanBuilder builder) {
      return builder.sort(this);
    }
  }

  static final class Grouping extends Aggregate implements PStateRel {
    Grouping(
        RelOptCluster cluster,
        RelTraitSet traits,
        RelNode input,
        ImmutableBitSet groupSet,
        List<AggregateCall> calls) {
      super(cluster, traits, List.of(), input, groupSet, List.of(groupSet), calls);
    }

    @Override
    public Aggregate copy(
        RelTraitSet traitSet,
        RelNode input,
        ImmutableBitSet groupSet,
        @Nullable List<ImmutableBitSet> groupSets,
        List<AggregateCall> aggCalls) {
      return new Grouping(getCluster(), traitSet, input, groupSet, aggCalls);
    }

    @Override
    public @Nullable RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
      return cheap(super.computeSelfCost(planner, mq));
    }

    @Override
    public PlanNode toPlan(PlanBuilder builder) {
      return builder.aggregate(this);
    }
  }

  static final class HashJoin extends Join implements PStateRel {
    HashJoin(
        RelOptCluster cluster,
        RelTraitSet traits,
        RelNode left,
        RelNode right,
        RexNode condition,
        Set<CorrelationId> variables,
        JoinRelType type) {
      super(cluster, traits, List.of(), left, right, condition, variables, type);
    }

    @Override
    public Join copy(
        RelTraitSet traitSet,
        RexNode conditionExpr,
        RelNode left,
        RelNode right,
        JoinRelType joinType,
        boolean semiJoinDone) {
      return new HashJoin(
          getCluster(), traitSet, left, right, conditionExpr, variablesSet, joinType);
    }

    @Override
    public @Nullable RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
      var leftRows = orOne(mq.getRowCount(left));
      var rightRows = orOne(mq.getRowCount(right));
      var pairs = analyzeCondition().leftKeys.isEmpty() ? leftRows * rightRows : 0;
      var rows = leftRows + 2 * rightRows + pairs;
      return planner.getCostFactory().makeCost(rows * COST_FACTOR, rows, 0);
    }

    private static double orOne(@Nullable Double rows) {
      return rows == null ? 1 : rows;
    }

    @Override
    public PlanNode toPlan(PlanBuilder builder) {
      return builder.join(this);
    }
  }

  static final class PerRow extends Correlate implements PStateRel {
    PerRow(
        RelOptCluster cluster,
        RelTraitSet traits,
        RelNode left,
        RelNode right,
        CorrelationId id,
        ImmutableBitSet required,
        JoinRelType type) {
      super(cluster, traits, List.of(), left, right, id, required, type);
    }

    @Override
    public Correlate copy(
        RelTraitSet traitSet,
        RelNode left,
        RelNode right,
        CorrelationId id,
        ImmutableBitSet required,
        JoinRelType type) {
      return new PerRow(getCluster(), traitSet, left, right, id, required, type);
    }

    @Override
    public @Nullable RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
      return cheap(super.computeSelfCost(planner, mq));
    }

    @Override
    public PlanNode toPlan(PlanBuilder builder) {
      return builder.correlate(this);
    }
  }

  static final class All extends Union implements PStateRel {
    All(RelOptCluster cluster, RelTraitSet traits, List<RelNode> inputs) {
      super(cluster, traits, inputs, true);
    }

    @Override
    public Union copy(RelTraitSet traitSet, List<RelNode> inputs, boolean all) {
      return new All(getCluster(), traitSet, inputs);
    }

    @Override
    public @Nullable RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
      return cheap(super.computeSelfCost(planner, mq));
    }

    @Override
    public PlanNode toPlan(PlanBuilder builder) {
      return builder.union(this);
    }
  }

  static final class Rows extends Values implements PStateRel {
    Rows(
        RelOptCluster cluster,
        RelDataType rowType,
        com.google.common.collect.ImmutableList<com.google.common.collect.ImmutableList<RexLiteral>>
            tuples,
        RelTraitSet traits) {
      super(cluster, rowType, tuples, traits);
    }

    @Override
    public RelNode copy(RelTraitSet traitSet, List<RelNode> inputs) {
      return this;
    }

    @Override
    public @Nullable RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
      return cheap(super.computeSelfCost(planner, mq));
    }

    @Override
    public PlanNode toPlan(PlanBuilder builder) {
      return builder.values(this);
    }
  }

  static final class Insert extends TableModify implements PStateRel {
    Insert(
        RelOptCluster cluster,
        RelTraitSet traits,
        RelOptTable table,
        Prepare.CatalogReader reader,
        RelNode input) {
      super(cluster, traits, table, reader, input, Operation.INSERT, null, null, false);
    }

    @Override
    public RelNode copy(RelTraitSet traitSet, List<RelNode> inputs) {
      return new Insert(getCluster(), traitSet, table, catalogReader, inputs.get(0));
    }

    @Override
    public @Nullable RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
      return cheap(super.computeSelfCost(planner, mq));
    }

    @Override
    public PlanNode toPlan(PlanBuilder builder) {
      return builder.insert(this);
    }
  }
}
