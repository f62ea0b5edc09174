package io.millrace.sql.plan;

import io.millrace.engine.table.Table;
import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import io.millrace.sql.expr.ArrayComparison;
import io.millrace.sql.expr.PgTypes;
import io.millrace.sql.parse.Normal;
import io.millrace.sql.plan.Planned.OutputColumn;
import io.millrace.sql.rel.PlanBuilder;
import io.millrace.sql.types.PgType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.apache.calcite.avatica.util.Casing;
import org.apache.calcite.avatica.util.Quoting;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.calcite.sql.parser.babel.SqlBabelParserImpl;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql2rel.SqlToRelConverter;
import org.apache.calcite.sql2rel.StandardConvertletTable;
import org.apache.calcite.util.CancelFlag;
import org.jspecify.annotations.Nullable;

/** Plans one statement from its text, without any cache. */
final class StatementPlanner {
  private static final SqlParser.Config PARSER =
      SqlParser.config()
          .withParserFactory(SqlBabelParserImpl.FACTORY)
          .withQuoting(Quoting.DOUBLE_QUOTE)
          .withUnquotedCasing(Casing.TO_LOWER)
          .withQuotedCasing(Casing.UNCHANGED)
          .withCaseSensitive(true)
          .withIdentifierMaxLength(1024)
          .withConformance(Conformance.INSTANCE);

  private static final SqlToRelConverter.Config CONVERTER =
      SqlToRelConverter.config()
          .withExpand(false)
          .withTrimUnusedFields(false)
          .withInSubQueryThreshold(Integer.MAX_VALUE);

  private final Operators operators = new Operators();
  private final ToIntFunction<Table> tableOids;
  private final boolean fallbackAllowed;

  StatementPlanner(ToIntFunction<Table> tableOids, boolean fallbackAllowed) {
    this.tableOids = tableOids;
    this.fallbackAllowed = fallbackAllowed;
  }

  /**
   * Plans a statement.
   *
   * @param given types the client named for its parameters, UNKNOWN where it did not
   * @param parameterise whether literals of conditions become parameters
   */
  Planned plan(
      Normal normal,
      List<PgType> given,
      CatalogView catalog,
      boolean parameterise,
      CancelFlag cancel) {
    var problems = new CalciteErrorTranslator(normal, catalog);
    var rewriter = new AstRewriter(normal, given, parameterise, name -> oid(catalog, name));
    var parsed = parse(normal, problems);
    var ast = java.util.Objects.requireNonNull(parsed.accept(rewriter));
    var types = padded(given, normal.parameterCount());
    for (int i = 0; i < types.size(); i++) {
      types.set(i, types.get(i) == PgType.UNKNOWN ? rewriter.arrayType(i) : types.get(i));
    }
    var keyGet =
        new KeyGetRecogniser(catalog, tableOids, types, rewriter.literalTypes()).recognise(ast);
    if (keyGet != null) {
      return new Planned(
          keyGet.root(),
          keyGet.columns(),
          keyGet.parameters(),
          rewriter.literals(),
          keyGet.literals(),
          catalog.version());
    }
    try {
      return full(ast, types, rewriter, catalog, cancel);
    } catch (CalciteContextException invalid) {
      throw problems.invalid(invalid, tablesOf(ast, catalog));
    }
  }

  private long oid(CatalogView catalog, String name) {
    var table = catalog.find(List.of(name.replace("\"", "").split("\\.")));
    return table == null ? 0 : tableOids.applyAsInt(table);
  }

  private static SqlNode parse(Normal normal, CalciteErrorTranslator problems) {
    try {
      return SqlParser.create(normal.sql(), PARSER).parseStmt();
    } catch (SqlParseException syntax) {
      throw problems.syntax(syntax);
    }
  }

  private static List<PgType> padded(List<PgType> given, int count) {
    var types = new ArrayList<>(given);
    while (types.size() < count) {
      types.add(PgType.UNKNOWN);
    }
    return types;
  }

  private Planned full(
      SqlNode ast,
      List<PgType> given,
      AstRewriter rewriter,
      CatalogView catalog,
      CancelFlag cancel) {
    var types = new MillraceTypes();
    var reader = catalog.reader(types);
    var known = new HashMap<Integer, RelDataType>();
    for (int i = 0; i < given.size(); i++) {
      if (given.get(i) != PgType.UNKNOWN) {
        known.put(i, PgTypes.of(given.get(i), types));
      }
    }
    for (int i = 0; i < rewriter.literalTypes().size(); i++) {
      if (rewriter.literalTypes().get(i) != PgType.UNKNOWN) {
        var type = PgTypes.of(rewriter.literalTypes().get(i), types);
        known.put(given.size() + i, types.createTypeWithNullability(type, false));
      }
    }
    var validator = new Validator(operators, reader, known);
    var names = new OutputNames(ast);
    var valid = validator.validate(ast);
    refuseUpdates(valid, catalog);
    var rex = new PgRexBuilder(types);
    var optimizer = new Optimizer(rex, cancel);
    var converter =
        new SqlToRelConverter(
            (rowType, queryString, schemaPath, viewPath) -> {
              throw new UnsupportedOperationException("views");
            },
            validator,
            reader,
            optimizer.cluster(),
            StandardConvertletTable.INSTANCE,
            CONVERTER);
    var root = converter.convertQuery(valid, false, true);
    var logical = intervalsAsText(root.project(), rex);
    var physical = optimizer.optimize(logical);
    var all = new ArrayList<>(given);
    all.addAll(rewriter.literalTypes());
    var resolved = parameterTypes(validator, valid, all);
    return new Planned(
        new PlanBuilder(rex, fallbackAllowed).build(physical),
        valid instanceof SqlInsert
            ? List.of()
            : outputs(names, validator, valid, root.validatedRowType, catalog),
        resolved.subList(0, given.size()),
        rewriter.literals(),
        resolved.subList(given.size(), resolved.size()),
        catalog.version());
  }

  /** Intervals leave as text: months or milliseconds are told apart by their type only. */
  private static RelNode intervalsAsText(RelNode query, RexBuilder rex) {
    var fields = query.getRowType().getFieldList();
    if (fields.stream().noneMatch(field -> SqlTypeUtil.isInterval(field.getType()))) {
      return query;
    }
    var types = rex.getTypeFactory();
    var cells = new ArrayList<RexNode>();
    for (var field : fields) {
      var cell = rex.makeInputRef(query, field.getIndex());
      var text = types.createTypeWithNullability(types.createSqlType(SqlTypeName.VARCHAR), true);
      cells.add(
          SqlTypeUtil.isInterval(field.getType()) ? rex.makeAbstractCast(text, cell, false) : cell);
    }
    return LogicalProject.create(
        query, List.of(), cells, query.getRowType().getFieldNames(), Set.of());
  }

  private static void refuseUpdates(SqlNode valid, CatalogView catalog) {
    if (valid instanceof SqlInsert insert
        && insert.getTargetTable() instanceof SqlIdentifier name) {
      var names = name.names.size() > 2 ? name.names.subList(1, 3) : name.names;
      var simple =
          names.size() == 2 && names.getFirst().startsWith("*") ? names.subList(1, 2) : names;
      var table = catalog.find(simple);
      if (table != null && !table.appendable()) {
        throw SqlProblem.unsupported(
            "cannot insert into \"" + table.name() + "\"",
            table.schema()
                + "."
                + table.name()
                + " is derived state; append to its depot instead.");
      }
    }
  }

  private List<OutputColumn> outputs(
      OutputNames written,
      Validator validator,
      SqlNode valid,
      RelDataType rowType,
      CatalogView catalog) {
    var names = written.complete() ? written : new OutputNames(valid);
    var origins = validator.getFieldOrigins(valid);
    var outputs = new ArrayList<OutputColumn>();
    for (var field : rowType.getFieldList()) {
      var origin = field.getIndex() < origins.size() ? origins.get(field.getIndex()) : null;
      var name = names.name(field.getIndex(), field.getName());
      if (origin != null && written.numbered(name, origin.getLast())) {
        name = origin.getLast();
      }
      outputs.add(output(name, PgTypes.ofResult(field.getType()), origin, catalog));
    }
    return outputs;
  }

  private OutputColumn output(
      String name, PgType type, @Nullable List<String> origin, CatalogView catalog) {
    if (origin == null || origin.size() < 2) {
      return new OutputColumn(name, type, 0, 0);
    }
    var path = origin.subList(0, origin.size() - 1);
    var table = catalog.find(path.getFirst().startsWith("*") ? path.subList(1, path.size()) : path);
    if (table == null) {
      return new OutputColumn(name, type, 0, 0);
    }
    for (int i = 0; i < table.columns().size(); i++) {
      var column = table.columns().get(i);
      if (column.name().equals(origin.getLast())) {
        var declared = PgTypes.of(column.type());
        return new OutputColumn(
            name, declared == PgType.JSONB ? declared : type, tableOids.applyAsInt(table), i + 1);
      }
    }
    return new OutputColumn(name, type, 0, 0);
  }

  private static List<PgType> parameterTypes(
      Validator validator, SqlNode valid, List<PgType> given) {
    var types = given.toArray(new PgType[0]);
    valid.accept(
        new SqlBasicVisitor<@Nullable Void>() {
          @Override
          public @Nullable Void visit(SqlCall call) {
            if (call.getOperator() instanceof ArrayComparison
                && call.operand(1) instanceof SqlDynamicParam array
                && types[array.getIndex()] == PgType.UNKNOWN) {
              var value = validator.getValidatedNodeTypeIfKnown(call.operand(0));
              types[array.getIndex()] = (value == null ? PgType.TEXT : PgTypes.of(value)).array();
            }
            return super.visit(call);
          }

          @Override
          public @Nullable Void visit(SqlDynamicParam parameter) {
            var index = parameter.getIndex();
            if (index < types.length && types[index] == PgType.UNKNOWN) {
              var type = validator.getValidatedNodeTypeIfKnown(parameter);
              if (type != null) {
                types[index] = PgTypes.of(type);
              }
            }
            return null;
          }
        });
    for (int i = 0; i < types.length; i++) {
      types[i] = types[i] == PgType.UNKNOWN ? PgType.TEXT : types[i];
    }
    return List.of(types);
  }

  private static List<Table> tablesOf(SqlNode ast, CatalogView catalog) {
    var found = new ArrayList<Table>();
    ast.accept(
        new SqlBasicVisitor<@Nullable Void>() {
          @Override
          public @Nullable Void visit(SqlIdentifier id) {
            var names = id.names;
            var table =
                catalog.find(
                    names.size() > 1 && names.getFirst().startsWith("*")
                        ? names.subList(1, names.size())
                        : names);
            if (table != null) {
              found.add(table);
            }
            return null;
          }
        });
    return found;
  }

  /** Refuses what is no query and no insert. */
  static SqlProblem notOffered(String verb) {
    var hint =
        switch (verb) {
          case "UPDATE", "DELETE", "MERGE", "TRUNCATE" ->
              "State is derived from events; append an event with INSERT INTO a depot instead.";
          case "CREATE", "ALTER", "DROP" -> "Tables come from the modules that are deployed.";
          default -> null;
        };
    return new SqlProblem(
        SqlState.FEATURE_NOT_SUPPORTED, verb + " is not supported", 0, hint, null);
  }
}
