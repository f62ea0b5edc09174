package io.millrace.sql.rel;

import io.millrace.sql.exec.hash.AggregateSpec;
import io.millrace.sql.expr.ExprCompiler;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.adapter.enumerable.EnumerableRules;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.prepare.Prepare;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.convert.ConverterRule;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.TableModify;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalCorrelate;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rel.logical.LogicalTableModify;
import org.apache.calcite.rel.logical.LogicalTableScan;
import org.apache.calcite.rel.logical.LogicalUnion;
import org.apache.calcite.rel.logical.LogicalValues;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.jspecify.annotations.Nullable;

/** The rules that turn logical nodes into ours; what has no rule here goes to the fallback. */
public final class PStateRules {
  private PStateRules() {}

  /** A rule made of a function. */
  private static final class Rule<R extends RelNode> extends ConverterRule {
    private final Class<R> type;
    private final Function<R, @Nullable RelNode> body;

    Rule(Config config, Class<R> type, Function<R, @Nullable RelNode> body) {
      super(config);
      this.type = type;
      this.body = body;
    }

    @Override
    public @Nullable RelNode convert(RelNode rel) {
      return body.apply(type.cast(rel));
    }
  }

  private static <R extends RelNode> RelOptRule rule(
      Class<R> type, Convention in, Convention out, Function<R, @Nullable RelNode> body) {
    return ConverterRule.Config.INSTANCE
        .withConversion(type, in, out, "PState" + type.getSimpleName() + in.getName())
        .withRuleFactory(config -> new Rule<>(config, type, body))
        .toRule(ConverterRule.class);
  }

  private static <R extends RelNode> RelOptRule own(
      Class<R> type, Function<R, @Nullable RelNode> body) {
    return rule(type, Convention.NONE, PStateRel.CONVENTION, body);
  }

  /** Rules to our convention. */
  public static List<RelOptRule> own() {
    return List.of(
        own(
            LogicalTableScan.class,
            scan -> new PStateRels.Scan(scan.getCluster(), traits(scan), scan.getTable())),
        own(LogicalFilter.class, PStateRules::filter),
        own(LogicalProject.class, PStateRules::project),
        own(
            LogicalSort.class,
            sort ->
                new PStateRels.Order(
                    sort.getCluster(),
                    traits(sort),
                    ours(sort.getInput()),
                    sort.getCollation(),
                    sort.offset,
                    sort.fetch)),
        own(LogicalAggregate.class, PStateRules::aggregate),
        own(LogicalJoin.class, PStateRules::join),
        own(
            LogicalCorrelate.class,
            both ->
                new PStateRels.PerRow(
                    both.getCluster(),
                    traits(both),
                    ours(both.getLeft()),
                    ours(both.getRight()),
                    both.getCorrelationId(),
                    both.getRequiredColumns(),
                    both.getJoinType())),
        own(LogicalUnion.class, PStateRules::union),
        own(
            LogicalValues.class,
            rows ->
                new PStateRels.Rows(
                    rows.getCluster(), rows.getRowType(), rows.getTuples(), traits(rows))),
        own(LogicalTableModify.class, PStateRules::modify));
  }

  /** Calcite's rules for what we have no operator for, and the crossings. */
  public static List<RelOptRule> fallback() {
    var rules = new ArrayList<RelOptRule>();
    rules.add(
        rule(
            RelNode.class,
            EnumerableConvention.INSTANCE,
            PStateRel.CONVENTION,
            rel ->
                new Fallback.ToPState(
                    rel.getCluster(), rel.getTraitSet().replace(PStateRel.CONVENTION), rel)));
    rules.add(
        rule(
            RelNode.class,
            PStateRel.CONVENTION,
            EnumerableConvention.INSTANCE,
            rel ->
                new Fallback.ToEnumerable(
                    rel.getCluster(),
                    rel.getTraitSet().replace(EnumerableConvention.INSTANCE),
                    rel)));
    rules.addAll(
        List.of(
            EnumerableRules.ENUMERABLE_JOIN_RULE,
            EnumerableRules.ENUMERABLE_CORRELATE_RULE,
            EnumerableRules.ENUMERABLE_PROJECT_RULE,
            EnumerableRules.ENUMERABLE_FILTER_RULE,
            EnumerableRules.ENUMERABLE_AGGREGATE_RULE,
            EnumerableRules.ENUMERABLE_SORT_RULE,
            EnumerableRules.ENUMERABLE_LIMIT_RULE,
            EnumerableRules.ENUMERABLE_UNION_RULE,
            EnumerableRules.ENUMERABLE_INTERSECT_RULE,
            EnumerableRules.ENUMERABLE_MINUS_RULE,
            EnumerableRules.ENUMERABLE_WINDOW_RULE,
            EnumerableRules.ENUMERABLE_VALUES_RULE,
            EnumerableRules.ENUMERABLE_COLLECT_RULE,
            EnumerableRules.ENUMERABLE_UNCOLLECT_RULE,
            EnumerableRules.ENUMERABLE_TABLE_FUNCTION_SCAN_RULE));
    return rules;
  }

  private static RelTraitSet traits(RelNode rel) {
    return rel.getTraitSet().replace(PStateRel.CONVENTION);
  }

  private static RelNode ours(RelNode input) {
    return RelOptRule.convert(input, input.getTraitSet().replace(PStateRel.CONVENTION));
  }

  private static boolean supported(RelNode rel, RexNode expression) {
    return ExprCompiler.supports(rel.getCluster().getRexBuilder(), expression);
  }

  private static @Nullable RelNode filter(LogicalFilter filter) {
    return supported(filter, filter.getCondition())
        ? new PStateRels.Where(
            filter.getCluster(), traits(filter), ours(filter.getInput()), filter.getCondition())
        : null;
  }

  private static @Nullable RelNode project(LogicalProject project) {
    for (var expression : project.getProjects()) {
      if (RexOver.containsOver(expression) || !supported(project, expression)) {
        return null;
      }
    }
    return new PStateRels.Select(
        project.getCluster(),
        traits(project),
        ours(project.getInput()),
        project.getProjects(),
        project.getRowType());
  }

  private static @Nullable RelNode aggregate(LogicalAggregate aggregate) {
    if (aggregate.getGroupType() != org.apache.calcite.rel.core.Aggregate.Group.SIMPLE) {
      return null;
    }
    for (var call : aggregate.getAggCallList()) {
      var spec = spec(call);
      if (spec == null
          || (spec.kind() == AggregateSpec.Kind.TRUE && aggregate.getGroupCount() == 0)) {
        return null;
      }
    }
    return new PStateRels.Grouping(
        aggregate.getCluster(),
        traits(aggregate),
        ours(aggregate.getInput()),
        aggregate.getGroupSet(),
        aggregate.getAggCallList());
  }

  /** Our form of an aggregate, or null when we have none. */
  static @Nullable AggregateSpec spec(AggregateCall call) {
    var arguments = call.getArgList();
    var kind = kind(call);
    if (kind == null
        || !call.getCollation().getFieldCollations().isEmpty()
        || arguments.size() > (kind == AggregateSpec.Kind.STRING_AGG ? 2 : 1)) {
      return null;
    }
    return new AggregateSpec(
        kind,
        arguments.isEmpty() ? -1 : arguments.get(0),
        arguments.size() > 1 ? arguments.get(1) : -1,
        call.isDistinct(),
        call.filterArg,
        call.getType().getSqlTypeName());
  }

  private static AggregateSpec.@Nullable Kind kind(AggregateCall call) {
    return switch (call.getAggregation().getName()) {
      case "COUNT" -> AggregateSpec.Kind.COUNT;
      case "LITERAL_AGG" ->
          call.rexList.size() == 1 && call.rexList.getFirst().isAlwaysTrue()
              ? AggregateSpec.Kind.TRUE
              : null;
      case "SUM" -> AggregateSpec.Kind.SUM;
      case "$SUM0" -> AggregateSpec.Kind.SUM0;
      case "MIN" -> AggregateSpec.Kind.MIN;
      case "MAX" -> AggregateSpec.Kind.MAX;
      case "AVG" -> AggregateSpec.Kind.AVG;
      case "VAR_POP" -> AggregateSpec.Kind.VAR_POP;
      case "VAR_SAMP", "VARIANCE" -> AggregateSpec.Kind.VAR_SAMP;
      case "STDDEV_POP" -> AggregateSpec.Kind.STDDEV_POP;
      case "STDDEV_SAMP", "STDDEV" -> AggregateSpec.Kind.STDDEV_SAMP;
      case "SINGLE_VALUE" -> AggregateSpec.Kind.SINGLE_VALUE;
      case "ANY_VALUE" -> AggregateSpec.Kind.ANY_VALUE;
      case "BOOL_AND", "EVERY", "LOGICAL_AND" -> AggregateSpec.Kind.BOOL_AND;
      case "BOOL_OR", "SOME", "LOGICAL_OR" -> AggregateSpec.Kind.BOOL_OR;
      case "STRING_AGG", "LISTAGG" -> AggregateSpec.Kind.STRING_AGG;
      default -> null;
    };
  }

  private static @Nullable RelNode join(LogicalJoin join) {
    if (!supported(join, join.getCondition())) {
      return null;
    }
    return new PStateRels.HashJoin(
        join.getCluster(),
        traits(join),
        ours(join.getLeft()),
        ours(join.getRight()),
        join.getCondition(),
        java.util.Set.<CorrelationId>copyOf(join.getVariablesSet()),
        join.getJoinType());
  }

  private static @Nullable RelNode union(LogicalUnion union) {
    if (!union.all) {
      return null;
    }
    var inputs = union.getInputs().stream().map(PStateRules::ours).toList();
    return new PStateRels.All(union.getCluster(), traits(union), inputs);
  }

  private static @Nullable RelNode modify(LogicalTableModify modify) {
    if (modify.getOperation() != TableModify.Operation.INSERT) {
      return null;
    }
    return new PStateRels.Insert(
        modify.getCluster(),
        traits(modify),
        modify.getTable(),
        (Prepare.CatalogReader) java.util.Objects.requireNonNull(modify.getCatalogReader()),
        ours(modify.getInput()));
  }
}
