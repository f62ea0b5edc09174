package io.millrace.sql.catalog;

import io.millrace.engine.table.Column;
import io.millrace.engine.table.ColumnType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Columns written as {@code name:type} words, and rows that name the cells they fill. */
final class Rows {
  private final List<Column> columns;
  private final List<Object[]> rows = new ArrayList<>();

  Rows(List<Column> columns) {
    this.columns = columns;
  }

  /**
   * Reads columns: types are o (object id), t (text), i (int), b (boolean), l (long), d (double).
   */
  static List<Column> columns(String words) {
    var columns = new ArrayList<Column>();
    for (var word : words.trim().split("\\s+")) {
      var colon = word.indexOf(':');
      var type =
          switch (word.charAt(colon + 1)) {
            case 'o', 'l' -> ColumnType.LONG;
            case 'i' -> ColumnType.INT;
            case 'b' -> ColumnType.BOOLEAN;
            case 'd' -> ColumnType.DOUBLE;
            default -> ColumnType.TEXT;
          };
      columns.add(new Column(word.substring(0, colon), type, true));
    }
    return columns;
  }

  /** Adds a row given as name, value, name, value. */
  @SuppressWarnings("NullAway") // cells not named stay null
  void add(@Nullable Object... cells) {
    var row = new Object[columns.size()];
    for (int i = 0; i < cells.length; i += 2) {
      var index = index(String.valueOf(cells[i]));
      row[index] = fitted(cells[i + 1], columns.get(index).type());
    }
    rows.add(row);
  }

  private static @Nullable Object fitted(@Nullable Object value, ColumnType type) {
    return value instanceof Number number && type == ColumnType.LONG
        ? (Object) number.longValue()
        : value;
  }

  private int index(String name) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(name)) {
        return i;
      }
    }
    throw new IllegalArgumentException("no column " + name);
  }

  List<Object[]> all() {
    return rows;
  }
}
