package io.millrace.sql.rel;

import io.millrace.engine.table.Table;
import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.exec.CorrelateNode;
import io.millrace.sql.exec.FilterNode;
import io.millrace.sql.exec.InsertNode;
import io.millrace.sql.exec.KeyOrdered;
import io.millrace.sql.exec.LimitNode;
import io.millrace.sql.exec.Ordering;
import io.millrace.sql.exec.PlanNode;
import io.millrace.sql.exec.ProjectNode;
import io.millrace.sql.exec.SortNode;
import io.millrace.sql.exec.TopKNode;
import io.millrace.sql.exec.UnionNode;
import io.millrace.sql.exec.ValuesNode;
import io.millrace.sql.exec.hash.AggregateNode;
import io.millrace.sql.exec.hash.AggregateSpec;
import io.millrace.sql.exec.hash.JoinNode;
import io.millrace.sql.expr.Expr;
import io.millrace.sql.expr.ExprCompiler;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Supplier;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/** Turns a tree of PSTATE nodes into plan nodes. */
public final class PlanBuilder {
  private static final ScopedValue<PlanBuilder> CURRENT = ScopedValue.newInstance();

  private final ExprCompiler compiler;
  private final RexBuilder rex;
  private final boolean fallbackAllowed;

  /** A builder for one plan. */
  public PlanBuilder(RexBuilder rex, boolean fallbackAllowed) {
    this.rex = rex;
    this.compiler = new ExprCompiler(rex);
    this.fallbackAllowed = fallbackAllowed;
  }

  static PlanBuilder current() {
    return CURRENT.get();
  }

  <T> T within(Supplier<T> work) {
    return ScopedValue.where(CURRENT, this).call(work::get);
  }

  void refuseFallback(String what) {
    if (!fallbackAllowed) {
      throw SqlProblem.unsupported("no operator of our own for " + what, "The fallback is off.");
    }
  }

  ExprCompiler compiler() {
    return compiler;
  }

  RexBuilder rex() {
    return rex;
  }

  /** The plan of a node. */
  public PlanNode build(RelNode rel) {
    if (rel instanceof PStateRel ours) {
      return ours.toPlan(this);
    }
    throw new IllegalStateException("not planned: " + rel.getRelTypeName());
  }

  PlanNode scan(PStateRels.Scan scan) {
    return new ScanPlanner(this, scan).all();
  }

  PlanNode filter(PStateRels.Where filter) {
    if (filter.getInput() instanceof PStateRels.Scan scan) {
      return new ScanPlanner(this, scan).where(filter.getCondition()).all();
    }
    return new FilterNode(
        build(filter.getInput()),
        compiler.compile(filter.getCondition()),
        words(filter.getCondition(), filter.getInput()));
  }

  PlanNode project(PStateRels.Select project) {
    var input = project.getInput();
    if (input instanceof PStateRels.Where filter
        && filter.getInput() instanceof PStateRels.Scan scan) {
      return new ScanPlanner(this, scan)
          .where(filter.getCondition())
          .project(project.getProjects(), project.getRowType().getFieldNames());
    }
    if (input instanceof PStateRels.Scan scan) {
      return new ScanPlanner(this, scan)
          .project(project.getProjects(), project.getRowType().getFieldNames());
    }
    return new ProjectNode(
        build(input),
        project.getProjects().stream().map(compiler::compile).toList(),
        String.join(", ", project.getRowType().getFieldNames()));
  }

  PlanNode sort(PStateRels.Order sort) {
    var input = build(sort.getInput());
    var fields = sort.getCollation().getFieldCollations();
    var offset = sort.offset == null ? null : compiler.compile(sort.offset);
    var fetch = sort.fetch == null ? null : compiler.compile(sort.fetch);
    if (fields.isEmpty()) {
      return new LimitNode(input, offset, fetch);
    }
    var keyOrder = keyOrder(input, fields);
    if (keyOrder != null) {
      return offset == null && fetch == null ? keyOrder : new LimitNode(keyOrder, offset, fetch);
    }
    var ordering = ordering(fields);
    var words = orderWords(fields, sort.getInput().getRowType().getFieldNames());
    if (fetch != null) {
      return new TopKNode(input, ordering, offset, fetch, words);
    }
    var sorted = new SortNode(input, ordering, words);
    return offset == null ? sorted : new LimitNode(sorted, offset, null);
  }

  /** The input in key order, when the order asked for is ascending by the key. */
  private static @Nullable PlanNode keyOrder(PlanNode input, List<RelFieldCollation> fields) {
    if (!(input instanceof KeyOrdered scan)
        || fields.stream().anyMatch(field -> field.direction.isDescending())) {
      return null;
    }
    var cells = fields.stream().mapToInt(RelFieldCollation::getFieldIndex).toArray();
    return scan.ordersBy(cells) ? scan.inKeyOrder() : null;
  }

  private static Ordering ordering(List<RelFieldCollation> fields) {
    var columns = new int[fields.size()];
    var descending = new boolean[columns.length];
    var nullsFirst = new boolean[columns.length];
    for (int i = 0; i < columns.length; i++) {
      var field = fields.get(i);
      columns[i] = field.getFieldIndex();
      descending[i] = field.direction.isDescending();
      nullsFirst[i] =
          field.nullDirection == RelFieldCollation.NullDirection.UNSPECIFIED
              ? descending[i]
              : field.nullDirection == RelFieldCollation.NullDirection.FIRST;
    }
    return new Ordering(columns, descending, nullsFirst);
  }

  private static String orderWords(List<RelFieldCollation> fields, List<String> names) {
    var words = new ArrayList<String>();
    for (var field : fields) {
      words.add(names.get(field.getFieldIndex()) + (field.direction.isDescending() ? " desc" : ""));
    }
    return String.join(", ", words);
  }

  PlanNode aggregate(PStateRels.Grouping group) {
    var names = group.getInput().getRowType().getFieldNames();
    var places = new LinkedHashMap<Integer, Integer>();
    group.getGroupSet().forEach(column -> places.put(column, places.size()));
    for (var call : group.getAggCallList()) {
      call.getArgList().forEach(column -> places.putIfAbsent(column, places.size()));
      if (call.filterArg >= 0) {
        places.putIfAbsent(call.filterArg, places.size());
      }
    }
    var input = narrow(group.getInput(), List.copyOf(places.keySet()));
    if (input == null) {
      input = build(group.getInput());
      places.replaceAll((column, place) -> column);
    }
    var specs = new ArrayList<AggregateSpec>();
    for (var call : group.getAggCallList()) {
      specs.add(java.util.Objects.requireNonNull(PStateRules.spec(call)).at(places));
    }
    var groups = group.getGroupSet().asList().stream();
    return new AggregateNode(
        input,
        groups.mapToInt(column -> places.getOrDefault(column, column)).toArray(),
        specs,
        words(group, names));
  }

  /** A scan that reads these columns only, or null when the input is no scan. */
  private @Nullable PlanNode narrow(RelNode input, List<Integer> columns) {
    var filter = input instanceof PStateRels.Where where ? where : null;
    if (!((filter == null ? input : filter.getInput()) instanceof PStateRels.Scan scan)) {
      return null;
    }
    var planner = new ScanPlanner(this, scan);
    if (filter != null) {
      planner.where(filter.getCondition());
    }
    var refs =
        columns.stream()
            .map(column -> (RexNode) RexInputRef.of(column, input.getRowType()))
            .toList();
    return planner.project(refs, input.getRowType().getFieldNames());
  }

  private static String words(PStateRels.Grouping group, List<String> names) {
    var words = new ArrayList<String>();
    for (var call : group.getAggCallList()) {
      var arguments = call.getArgList().stream().map(names::get).toList();
      words.add(
          call.getAggregation().getName().toLowerCase(java.util.Locale.ROOT)
              + "("
              + (call.isDistinct() ? "distinct " : "")
              + (arguments.isEmpty() ? "*" : String.join(", ", arguments))
              + ")");
    }
    var by = group.getGroupSet().asList().stream().map(names::get).toList();
    return (by.isEmpty() ? "Aggregate" : "Group by " + String.join(", ", by))
        + (words.isEmpty() ? "" : ": " + String.join(", ", words));
  }

  PlanNode join(PStateRels.HashJoin join) {
    var leftKeys = new ArrayList<Integer>();
    var rightKeys = new ArrayList<Integer>();
    var nullsFail = new ArrayList<Boolean>();
    var rest =
        RelOptUtil.splitJoinCondition(
            join.getLeft(), join.getRight(), join.getCondition(), leftKeys, rightKeys, nullsFail);
    var nullsMatch = new boolean[leftKeys.size()];
    for (int i = 0; i < nullsMatch.length; i++) {
      nullsMatch[i] = !nullsFail.get(i);
    }
    return new JoinNode(
        build(join.getLeft()),
        build(join.getRight()),
        leftKeys.stream().mapToInt(Integer::intValue).toArray(),
        rightKeys.stream().mapToInt(Integer::intValue).toArray(),
        nullsMatch,
        wholeKey(join, leftKeys, rightKeys, nullsMatch),
        rest.isAlwaysTrue() ? null : compiler.compile(rest),
        join.getJoinType(),
        RexWords.of(
            join.getCondition(),
            java.util.stream.Stream.concat(
                    join.getLeft().getRowType().getFieldNames().stream(),
                    join.getRight().getRowType().getFieldNames().stream())
                .toList()));
  }

  private static boolean wholeKey(
      PStateRels.HashJoin join,
      List<Integer> leftKeys,
      List<Integer> rightKeys,
      boolean[] nullsMatch) {
    return leftKeys.size() == 1
        && !nullsMatch[0]
        && whole(join.getLeft(), leftKeys.getFirst())
        && whole(join.getRight(), rightKeys.getFirst());
  }

  private static boolean whole(RelNode input, int column) {
    return switch (input.getRowType().getFieldList().get(column).getType().getSqlTypeName()) {
      case TINYINT, SMALLINT, INTEGER, BIGINT -> true;
      default -> false;
    };
  }

  PlanNode correlate(PStateRels.PerRow both) {
    return new CorrelateNode(
        build(both.getLeft()),
        build(both.getRight()),
        both.getCorrelationId().getId(),
        both.getJoinType());
  }

  PlanNode union(PStateRels.All union) {
    return new UnionNode(union.getInputs().stream().map(this::build).toList());
  }

  PlanNode values(PStateRels.Rows values) {
    var rows = new ArrayList<@Nullable Object[]>();
    for (var tuple : values.getTuples()) {
      var row = new @Nullable Object[tuple.size()];
      for (int i = 0; i < row.length; i++) {
        row[i] = ExprCompiler.value(tuple.get(i));
      }
      rows.add(row);
    }
    return new ValuesNode(rows, values.getRowType().getFieldCount());
  }

  PlanNode insert(PStateRels.Insert insert) {
    return new InsertNode(build(insert.getInput()), table(insert.getTable()));
  }

  static Table table(org.apache.calcite.plan.@Nullable RelOptTable table) {
    var found = table == null ? null : table.unwrap(Table.class);
    if (found == null) {
      throw new IllegalStateException("no table behind " + table);
    }
    return found;
  }

  static String words(RexNode condition, RelNode input) {
    return RexWords.of(condition, input.getRowType().getFieldNames());
  }

  List<Expr> compileAll(List<RexNode> nodes) {
    return nodes.stream().map(compiler::compile).toList();
  }
}
