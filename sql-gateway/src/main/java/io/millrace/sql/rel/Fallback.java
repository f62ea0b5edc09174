package io.millrace.sql.rel;

import io.millrace.sql.exec.FallbackNode;
import io.millrace.sql.exec.PlanNode;
import io.millrace.sql.exec.PlanSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.adapter.enumerable.EnumerableInterpretable;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.enumerable.EnumerableRelImplementor;
import org.apache.calcite.adapter.enumerable.PhysTypeImpl;
import org.apache.calcite.adapter.java.JavaTypeFactory;
import org.apache.calcite.linq4j.tree.Blocks;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.plan.ConventionTraitDef;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.convert.ConverterImpl;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.jspecify.annotations.Nullable;

/** The two crossings between our convention and Calcite's Enumerable. */
final class Fallback {
  private static final double ENTER_COST = 10;
  private static final double LEAVE_COST = 10;

  private Fallback() {}

  /** An Enumerable part seen as one of our nodes. */
  static final class ToPState extends ConverterImpl implements PStateRel {
    ToPState(RelOptCluster cluster, RelTraitSet traits, RelNode input) {
      super(cluster, ConventionTraitDef.INSTANCE, traits, input);
    }

    @Override
    public RelNode copy(RelTraitSet traitSet, List<RelNode> inputs) {
      return new ToPState(getCluster(), traitSet, inputs.get(0));
    }

    @Override
    public @Nullable RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
      return planner.getCostFactory().makeCost(ENTER_COST, ENTER_COST, 0);
    }

    @Override
    public PlanNode toPlan(PlanBuilder builder) {
      builder.refuseFallback(words(getInput()));
      Map<String, Object> stashed = new HashMap<>();
      var bindable =
          builder.within(() ->
              EnumerableInterpretable.toBindable(
                  stashed, null, (EnumerableRel) getInput(), EnumerableRel.Prefer.ARRAY));
      return new FallbackNode(
          getRowType().getFieldCount(),
          bindable,
          stashed,
          (JavaTypeFactory) getCluster().getTypeFactory(),
          words(getInput()));
    }

    private static String words(RelNode node) {
      return node.getRelTypeName().replace("Enumerable", "").toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** One of our nodes seen as an Enumerable part. */
  static final class ToEnumerable extends ConverterImpl implements EnumerableRel {
    ToEnumerable(RelOptCluster cluster, RelTraitSet traits, RelNode input) {
      super(cluster, ConventionTraitDef.INSTANCE, traits, input);
    }

    @Override
    public RelNode copy(RelTraitSet traitSet, List<RelNode> inputs) {
      return new ToEnumerable(getCluster(), traitSet, inputs.get(0));
    }

    @Override
    public @Nullable RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
      return planner.getCostFactory().makeCost(LEAVE_COST, LEAVE_COST, 0);
    }

    @Override
    public Result implement(EnumerableRelImplementor implementor, Prefer pref) {
      var node = PlanBuilder.current().build(getInput());
      var format =
          node.width() == 1
              ? org.apache.calcite.adapter.enumerable.JavaRowFormat.SCALAR
              : org.apache.calcite.adapter.enumerable.JavaRowFormat.ARRAY;
      var physType = PhysTypeImpl.of(implementor.getTypeFactory(), getRowType(), format, false);
      var source = implementor.stash(new PlanSource(node), PlanSource.class);
      var open = Expressions.call(source, "open", implementor.getRootExpression());
      return implementor.result(physType, Blocks.toBlock(open));
    }
  }

  static EnumerableConvention enumerable() {
    return EnumerableConvention.INSTANCE;
  }
}
