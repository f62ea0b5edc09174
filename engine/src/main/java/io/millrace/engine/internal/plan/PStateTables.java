package io.millrace.engine.internal.plan;

import io.millrace.engine.internal.codec.RowFormat;
import io.millrace.engine.pstate.RecordSchema;
import io.millrace.engine.pstate.Scalar;
import io.millrace.engine.table.Column;
import io.millrace.engine.table.PagedTable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The tables of a pstate. Each tree whose elements are no trees is one: its columns are the keys
 * from the top level down, then the fields of the value (or {@code value}); nested values that are
 * not subindexed are JSON. A subindexed field is a table of its own, {@code <pstate>_<field>}, that
 * begins with the keys of its parent; a map of subindexed maps is one table of their entries.
 *
 * <p>Key columns are called {@code key} (in sets {@code element}, in lists {@code index}), or by
 * the fields of a composite key; where a name is taken, a number is added.
 */
public final class PStateTables {
  private final PStateStore store;
  private final String module;
  private final boolean global;
  private final List<PagedTable> tables = new ArrayList<>();

  private PStateTables(PStateStore store, String module, boolean global) {
    this.store = store;
    this.module = module;
    this.global = global;
  }

  /**
   * The tables of a pstate.
   *
   * @param store the pstate
   * @param module module name, the SQL schema
   * @param name name of the pstate inside the module
   * @param global true when all of it is on task 0
   */
  public static List<PagedTable> of(PStateStore store, String module, String name, boolean global) {
    var made = new PStateTables(store, module, global);
    var root = store.root();
    if (root.tree) {
      made.add(List.of(new TableLevel(root, new int[0])), name);
    } else {
      made.table(List.of(), root, name);
    }
    return List.copyOf(made.tables);
  }

  private void add(List<TableLevel> levels, String name) {
    var tree = levels.getLast().tree();
    if (tree.isSet()) {
      table(levels, null, name);
    } else if (tree.element().tree) {
      add(deeper(levels, tree.element(), new int[0]), name);
    } else {
      table(levels, tree.element(), name);
    }
  }

  private static List<TableLevel> deeper(List<TableLevel> levels, SchemaNode tree, int[] fields) {
    var longer = new ArrayList<>(levels);
    longer.add(new TableLevel(tree, fields));
    return List.copyOf(longer);
  }

  private void table(
      List<TableLevel> levels, @org.jspecify.annotations.Nullable SchemaNode value, String name) {
    var columns = new Columns();
    for (var l = 0; l < levels.size(); l++) {
      columns.keys(l, levels.get(l).tree());
    }
    var keys = columns.columns.size();
    if (value != null) {
      columns.value(value, new ArrayList<>());
    }
    tables.add(
        new PStateTable(
            store, module, name, global, levels, columns.columns, columns.sources, keys));
    if (value != null) {
      children(levels, value, name, new int[0]);
    }
  }

  private void children(List<TableLevel> levels, SchemaNode record, String name, int[] above) {
    for (var f = 0; f < record.fields.length; f++) {
      var field = record.fields[f];
      if (!field.parts) {
        continue;
      }
      var fields = java.util.Arrays.copyOf(above, above.length + 1);
      fields[above.length] = f;
      var child = name + "_" + record.record().fields().get(f).name();
      if (field.tree) {
        add(deeper(levels, field, fields), child);
      } else {
        children(levels, field, child, fields);
      }
    }
  }

  /** Columns under construction. */
  private static final class Columns {
    final List<Column> columns = new ArrayList<>();
    final List<ColumnSource> sources = new ArrayList<>();
    private final Set<String> taken = new HashSet<>();

    void keys(int level, SchemaNode tree) {
      if (tree.isList()) {
        add("index", io.millrace.engine.table.ColumnType.LONG, new ColumnSource.Position(level));
        return;
      }
      var codec = tree.keys();
      for (var p = 0; p < codec.parts(); p++) {
        var name =
            tree.keySchema() instanceof RecordSchema record
                ? record.fields().get(p).name()
                : tree.isSet() ? "element" : "key";
        Scalar scalar = codec.part(p);
        add(name, ColumnSource.type(scalar), new ColumnSource.KeyPart(level, codec, p, scalar));
      }
    }

    private void add(String name, io.millrace.engine.table.ColumnType type, ColumnSource source) {
      columns.add(new Column(unique(name), type, false));
      sources.add(source);
    }

    void value(SchemaNode value, List<ColumnSource.Step> above) {
      var format = RowFormat.of(value.schema);
      if (!value.isRecord()) {
        field("value", value, above, format, 0, true);
        return;
      }
      for (var f = 0; f < value.fields.length; f++) {
        var field = value.record().fields().get(f);
        if (!value.fields[f].parts) {
          field(field.name(), value.fields[f], above, format, f, true);
        } else if (!value.fields[f].tree) {
          var deeper = new ArrayList<>(above);
          deeper.add(new ColumnSource.Step(format, f));
          value(value.fields[f], deeper);
        }
      }
    }

    private void field(
        String name,
        SchemaNode node,
        List<ColumnSource.Step> above,
        RowFormat format,
        int field,
        boolean nullable) {
      var path = new ArrayList<>(above);
      path.add(new ColumnSource.Step(format, field));
      columns.add(new Column(unique(name), ColumnSource.type(node.schema), nullable));
      sources.add(
          new ColumnSource.Field(path.toArray(ColumnSource.Step[]::new), node.codec, node.schema));
    }

    private String unique(String name) {
      var candidate = name;
      for (var n = 2; !taken.add(candidate); n++) {
        candidate = name + n;
      }
      return candidate;
    }
  }
}
