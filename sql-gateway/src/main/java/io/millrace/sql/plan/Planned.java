package io.millrace.sql.plan;

import io.millrace.sql.exec.Appending;
import io.millrace.sql.exec.PlanNode;
import io.millrace.sql.parse.Normal;
import io.millrace.sql.types.PgText;
import io.millrace.sql.types.PgType;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement ready to run, shared by all executions of its shape.
 *
 * @param root what to run
 * @param columns what it delivers
 * @param parameters types of the parameters the client gives
 * @param literals numbers of the literals that follow the client's parameters, in order
 * @param literalTypes their types
 * @param catalogVersion the catalogue it was planned for
 */
public record Planned(
    PlanNode root,
    List<OutputColumn> columns,
    List<PgType> parameters,
    int[] literals,
    List<PgType> literalTypes,
    long catalogVersion) {

  /**
   * A delivered column.
   *
   * @param tableOid object id of the table it comes from, 0 for a computed one
   * @param attribute number of the table's column, 0 for a computed one
   */
  public record OutputColumn(String name, PgType type, int tableOid, int attribute) {}

  /** True for INSERT. */
  public boolean insert() {
    return root instanceof Appending;
  }

  /** All parameter values: the client's, then the statement's own literals. */
  public @Nullable Object[] bind(@Nullable Object[] given, Normal normal) {
    if (literals.length == 0) {
      return given;
    }
    var all = Arrays.copyOf(given, parameters.size() + literals.length);
    for (int i = 0; i < literals.length; i++) {
      var text = normal.literals().get(literals[i]).text();
      all[parameters.size() + i] = PgText.parse(literalTypes.get(i), text, ZoneOffset.UTC);
    }
    return all;
  }
}
