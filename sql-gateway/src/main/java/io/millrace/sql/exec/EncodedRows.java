package io.millrace.sql.exec;

import io.millrace.engine.table.ColumnType;
import io.millrace.engine.table.RowReader;

/** An operator that can show its rows where they lie, encoded, instead of delivering them. */
public interface EncodedRows {
  /** Looks at rows, where they lie. */
  interface Visitor {
    /** One row; the reader moves on afterwards. */
    void row(RowReader row);
  }

  /** Shows all rows to a visitor. */
  void visit(Visitor visitor);

  /** False when some conditions are judged on decoded rows only, so that nothing can be shown. */
  boolean judgesEncoded();

  /** Column of the table behind a cell. */
  int column(int cell);

  /** Type of a cell. */
  ColumnType type(int cell);
}
