package io.millrace.engine.internal.plan;

import io.millrace.engine.path.Navigator;
import io.millrace.engine.path.Path;
import io.millrace.engine.path.PathText;
import io.millrace.engine.path.Terminal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A path checked against the schema of a pstate, its values typed and its keys encoded: what the
 * interpreter and the store run. Immutable; may be kept and run many times.
 */
public final class PathPlan {
  final PlanStep[] steps;

  /** What the path ends at; after a branching step, what that step starts from. */
  final SchemaNode end;

  /** True when the path ends at an element of a set or a key, which cannot be null. */
  final boolean endIsKey;

  final @Nullable Terminal terminal;
  private final Path source;

  PathPlan(
      List<PlanStep> steps,
      SchemaNode end,
      boolean endIsKey,
      @Nullable Terminal terminal,
      Path source) {
    this.steps = steps.toArray(PlanStep[]::new);
    this.end = end;
    this.endIsKey = endIsKey;
    this.terminal = terminal;
    this.source = source;
  }

  /**
   * A plan that reads.
   *
   * @throws io.millrace.engine.path.PathException when the path does not fit the schema
   * @throws io.millrace.engine.pstate.SchemaException when a value in it does not
   */
  public static PathPlan read(String pstate, SchemaNode root, Path path) {
    return new PathCompiler(pstate, path, List.of(), false, null).compile(root);
  }

  /** A plan that reads, from path text: values are typed by the schema. */
  public static PathPlan readText(String pstate, SchemaNode root, String text) {
    var parsed = PathText.parse(text);
    return new PathCompiler(pstate, parsed.path(), parsed.positions(), true, null).compile(root);
  }

  /** A plan that writes. */
  public static PathPlan write(String pstate, SchemaNode root, Path path, Terminal terminal) {
    return new PathCompiler(pstate, path, List.of(), false, terminal).compile(root);
  }

  /** The path with typed values; lambdas included. */
  public Path typed() {
    var typed = new java.util.ArrayList<Navigator>();
    for (var step : steps) {
      typed.add(step.navigator());
    }
    return Path.of(typed.toArray(Navigator[]::new));
  }

  /** The path this was made from. */
  public Path source() {
    return source;
  }

  /** Schema of what the path leads to; any where only a run can tell. */
  public io.millrace.engine.pstate.Schema result() {
    return end.schema;
  }

  /** The first step when it is a map key or set element: what the path is routed by. */
  public @Nullable Object routingKey() {
    if (steps.length == 0) {
      return null;
    }
    return switch (steps[0].navigator()) {
      case Navigator.Key(var key) when steps[0].field() < 0 -> key;
      case Navigator.Must(var key) when steps[0].field() < 0 -> key;
      case Navigator.MapKey(var key) -> key;
      case Navigator.SetElem(var element) -> element;
      case Navigator.Contains(var element) when !steps[0].in().isList() -> element;
      default -> null;
    };
  }

  Terminal terminal() {
    if (terminal == null) {
      throw new IllegalStateException("this plan reads");
    }
    return terminal;
  }

  @Override
  public String toString() {
    return source.text();
  }
}
