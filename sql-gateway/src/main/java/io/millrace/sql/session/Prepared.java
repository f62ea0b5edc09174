package io.millrace.sql.session;

import io.millrace.sql.parse.Normal;
import io.millrace.sql.parse.Statement;
import io.millrace.sql.plan.Planned;
import io.millrace.sql.plan.Planned.OutputColumn;
import io.millrace.sql.types.PgType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement that has been read: a plan, or a command of the session.
 *
 * @param statement its text and tokens; null for the empty statement
 * @param command what it does
 * @param normal its normal form when there is a plan
 * @param planned its plan, or null for a command without one
 * @param types parameter types the client named
 * @param columns what it delivers, empty for nothing
 */
public record Prepared(
    @Nullable Statement statement,
    Command command,
    @Nullable Normal normal,
    @Nullable Planned planned,
    List<PgType> types,
    List<OutputColumn> columns) {
  /** Kinds of statements. */
  public enum Command {
    /** Reads or appends by a plan. */
    PLAN,
    /** Shows a plan. */
    EXPLAIN,
    /** Runs a plan and shows its counters. */
    EXPLAIN_ANALYZE,
    /** Nothing. */
    EMPTY,
    /** Opens a transaction. */
    BEGIN,
    /** Ends it. */
    COMMIT,
    /** Gives it up. */
    ROLLBACK,
    /** Notes a place to go back to. */
    SAVEPOINT,
    /** Forgets it. */
    RELEASE,
    /** Goes back to it. */
    ROLLBACK_TO,
    /** Changes a setting. */
    SET,
    /** Back to the default. */
    RESET,
    /** Shows a setting. */
    SHOW,
    /** Ends stops of topologies. */
    CALL,
    /** Forgets session state. */
    DISCARD,
    /** Forgets prepared statements. */
    DEALLOCATE
  }

  /** The prepared statement that this one forgets: empty for all, null for none. */
  public @Nullable String forgets() {
    return switch (command) {
      case DEALLOCATE -> SessionCommands.deallocated(java.util.Objects.requireNonNull(statement));
      case DISCARD ->
          SessionCommands.discarded(java.util.Objects.requireNonNull(statement)).equals("ALL")
              ? ""
              : null;
      default -> null;
    };
  }

  /** Types of all parameters. */
  public List<PgType> parameters() {
    if (command == Command.CALL && statement != null) {
      return Calls.of(statement).parameters(types);
    }
    return planned == null ? List.of() : planned.parameters();
  }

  /** True when rows come back. */
  public boolean returnsRows() {
    return !columns.isEmpty() || (command == Command.PLAN && planned != null && !planned.insert());
  }
}
