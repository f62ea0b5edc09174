package io.millrace.sql.plan;

import java.util.Arrays;
import org.apache.calcite.sql.parser.SqlParserPos;

/** Lines and columns of the parser as offsets. */
final class Positions {
  private Positions() {}

  /** Offsets at which lines start. */
  static int[] lineStarts(String text) {
    var starts = new int[16];
    int count = 1;
    for (int i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) {
      if (count == starts.length) {
        starts = Arrays.copyOf(starts, count * 2);
      }
      starts[count++] = i + 1;
    }
    return Arrays.copyOf(starts, count);
  }

  /** Offset of a position. */
  static int offset(int[] lineStarts, SqlParserPos position) {
    return offset(lineStarts, position.getLineNum(), position.getColumnNum());
  }

  /** Offset of a line and column, both from 1. */
  static int offset(int[] lineStarts, int line, int column) {
    return line < 1 || line > lineStarts.length
        ? 0
        : lineStarts[line - 1] + Math.max(0, column - 1);
  }
}
