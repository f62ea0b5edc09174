package io.millrace.engine.internal.plan;

import io.millrace.engine.internal.codec.TextValues;
import io.millrace.engine.internal.codec.Values;
import io.millrace.engine.path.Fn;
import io.millrace.engine.path.Navigator;
import io.millrace.engine.path.Path;
import io.millrace.engine.path.PathException;
import io.millrace.engine.path.Steps;
import io.millrace.engine.path.Terminal;
import io.millrace.engine.pstate.Scalar;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.pstate.SchemaException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks a path against a schema, step by step. */
final class PathCompiler {
  static final SchemaNode ANY = SchemaNode.of(Scalar.ANY);
  private static final SchemaNode LONG = SchemaNode.of(Scalar.LONG);
  private static final SchemaNode BOOLEAN = SchemaNode.of(Scalar.BOOLEAN);

  private final String pstate;
  private final Path path;
  private final List<Integer> positions;
  private final boolean fromText;
  private final @Nullable Terminal terminal;
  private final List<PlanStep> steps = new ArrayList<>();
  private SchemaNode at = ANY;
  private boolean atKey;
  private int index;

  PathCompiler(
      String pstate,
      Path path,
      List<Integer> positions,
      boolean fromText,
      @Nullable Terminal terminal) {
    this.pstate = pstate;
    this.path = path;
    this.positions = positions;
    this.fromText = fromText;
    this.terminal = terminal;
  }

  PathPlan compile(SchemaNode root) {
    try {
      return plan(root);
    } catch (PathException e) {
      throw new PathException(message(e), position());
    } catch (SchemaException e) {
      throw new SchemaException(
          message(e) + (position() < 0 ? "" : " (at character " + position() + ")"));
    }
  }

  private String message(RuntimeException e) {
    var step = index < path.steps().size() ? " step=" + (index + 1) : "";
    return "pstate=" + pstate + " path=" + path.text() + step + ": " + e.getMessage();
  }

  private int position() {
    return index < positions.size() ? positions.get(index) : -1;
  }

  /** Compiles without naming the place: of a path inside another. */
  private PathPlan plan(SchemaNode root) {
    at = root;
    var list = path.steps();
    for (index = 0; index < list.size(); index++) {
      var step = list.get(index);
      if (step instanceof Navigator.Multi(var alternatives)) {
        var rest = new Steps(list.subList(index + 1, list.size()));
        var branches = new ArrayList<PathPlan>();
        for (var alternative : alternatives) {
          branches.add(inner(new Steps(alternative.steps()).then(rest), terminal, atKey).plan(at));
        }
        steps.add(PlanStep.branching(step, at, branches));
        return new PathPlan(steps, at, atKey, terminal, path);
      }
      if (terminal != null) {
        WriteRules.step(list, index, at, atKey);
      }
      steps.add(step(step));
    }
    return new PathPlan(steps, at, atKey, terminal == null ? null : terminal(terminal), path);
  }

  private PathCompiler inner(Path inside, @Nullable Terminal end, boolean startsAtKey) {
    var compiler = new PathCompiler(pstate, inside, List.of(), fromText, end);
    compiler.atKey = startsAtKey;
    return compiler;
  }

  private PlanStep step(Navigator step) {
    var in = at;
    return switch (step) {
      case Navigator.Key(var key) -> key(key, false);
      case Navigator.Must(var key) -> key(key, true);
      case Navigator.Nth _ -> {
        require(in.isList(), step, "a list");
        yield to(element(in), new PlanStep(step, in));
      }
      case Navigator.First _, Navigator.Last _ -> {
        require(in.isList() || in.isSet() || in.isMap(), step, "a collection");
        yield to(in.isMap() ? ANY : element(in), new PlanStep(step, in), in.isSet());
      }
      case Navigator.All _ -> {
        require(in.isList() || in.isSet() || in.isMap(), step, "a collection");
        yield to(in.isMap() ? ANY : element(in), new PlanStep(step, in), in.isSet());
      }
      case Navigator.MapVals _ -> {
        require(in.isMap(), step, "a map");
        yield to(element(in), new PlanStep(step, in));
      }
      case Navigator.MapKeys _ -> {
        require(in.isMap(), step, "a map");
        yield to(keyNode(in), new PlanStep(step, in), true);
      }
      case Navigator.MapKey(var key) -> {
        require(in.isMap(), step, "a map");
        var typed = in.schema == Scalar.ANY ? key : typedKey(in.keySchema(), key);
        yield to(keyNode(in), keyed(new Navigator.MapKey(typed), in, typed), true);
      }
      case Navigator.SetElem(var element) -> {
        requireTyped(in.isSet(), step, "a set");
        var typed = typedKey(in.keySchema(), element);
        yield to(element(in), keyed(new Navigator.SetElem(typed), in, typed), true);
      }
      case Navigator.Contains(var element) -> to(BOOLEAN, contains(element));
      case Navigator.Count _ -> {
        require(in.isList() || in.isSet() || in.isMap(), step, "a collection");
        yield to(LONG, new PlanStep(step, in));
      }
      case Navigator.SortedRange range -> range(range);
      case Navigator.AfterLast _, Navigator.BeforeFirst _ -> {
        requireTyped(in.isList(), step, "a list");
        if (terminal == null) {
          throw new PathException("a place at the end of a list cannot be read");
        }
        yield to(element(in), new PlanStep(step, in));
      }
      case Navigator.NullTo(var value) -> {
        var typed = java.util.Objects.requireNonNull(typed(in.schema, value));
        yield new PlanStep(new Navigator.NullTo(typed), in);
      }
      case Navigator.View(var function) ->
          to(ANY, new PlanStep(new Navigator.View(function(function)), in));
      case Navigator.Compare(var comparison, var value) ->
          new PlanStep(new Navigator.Compare(comparison, comparand(value)), in);
      case Navigator.Where _ -> new PlanStep(step, in);
      case Navigator.Selected(var inside, _) ->
          PlanStep.branching(step, in, List.of(inner(inside, null, atKey).plan(in)));
      case Navigator.Subselect(var inside) ->
          to(ANY, PlanStep.branching(step, in, List.of(inner(inside, null, atKey).plan(in))));
      case Navigator.Stay _ -> new PlanStep(step, in);
      case Navigator.Multi _ -> throw new IllegalStateException("handled before");
    };
  }

  private PlanStep to(SchemaNode out, PlanStep step) {
    return to(out, step, false);
  }

  private PlanStep to(SchemaNode out, PlanStep step, boolean key) {
    at = out;
    atKey = key;
    return step;
  }

  private void requireTyped(boolean fits, Navigator step, String wanted) {
    require(fits, step, wanted);
    if (!fits) {
      throw new PathException(
          step.getClass().getSimpleName() + " needs " + wanted + ", but here is " + at);
    }
  }

  private void require(boolean fits, Navigator step, String wanted) {
    if (!fits && at.schema != Scalar.ANY) {
      var name = step.getClass().getSimpleName();
      throw new PathException(name + " needs " + wanted + ", but here is " + at);
    }
  }

  private static SchemaNode element(SchemaNode in) {
    return in.schema == Scalar.ANY ? ANY : in.element();
  }

  private static SchemaNode keyNode(SchemaNode in) {
    return in.schema == Scalar.ANY ? ANY : SchemaNode.of(in.keySchema());
  }

  private PlanStep key(Object key, boolean must) {
    var in = at;
    if (in.schema == Scalar.ANY) {
      return to(ANY, new PlanStep(navigator(key, must), in));
    }
    if (in.isRecord()) {
      var field = key instanceof String name ? in.record().indexOf(name) : -1;
      if (field < 0) {
        throw new PathException(in + " has no field " + Values.text(key));
      }
      var name = in.record().fields().get(field).name();
      return to(in.fields[field], PlanStep.field(navigator(name, must), in, field));
    }
    if (!in.isMap()) {
      throw new PathException("a key needs a map or record, but here is " + in + hint(in));
    }
    var typed = typedKey(in.keySchema(), key);
    return to(in.element(), keyed(navigator(typed, must), in, typed));
  }

  private static String hint(SchemaNode in) {
    return in.isList() ? "; use nth" : in.isSet() ? "; use contains or setElem" : "";
  }

  private static Navigator navigator(Object key, boolean must) {
    return must ? new Navigator.Must(key) : new Navigator.Key(key);
  }

  private static PlanStep keyed(Navigator step, SchemaNode in, Object key) {
    return in.schema == Scalar.ANY
        ? new PlanStep(step, in)
        : PlanStep.keyed(step, in, in.keys().encode(key));
  }

  private PlanStep contains(@Nullable Object element) {
    var in = at;
    if (in.isMap() || in.isSet()) {
      var typed = typedKey(in.keySchema(), element);
      return keyed(new Navigator.Contains(typed), in, typed);
    }
    require(in.isList(), new Navigator.Contains(element), "a collection");
    return new PlanStep(new Navigator.Contains(typed(element(in).schema, element)), in);
  }

  private PlanStep range(Navigator.SortedRange range) {
    var in = at;
    if (!in.isMap() && !in.isSet()) {
      throw new PathException("a range needs a map or set, but here is " + in);
    }
    var from = bound(in, range.from());
    var to = bound(in, range.to());
    return new PlanStep(
        new Navigator.SortedRange(from, to, range.limit(), range.fromEnd()),
        in,
        -1,
        null,
        from == null ? null : in.keys().encode(from.value()),
        to == null ? null : in.keys().encode(to.value()),
        List.of());
  }

  private Navigator.@Nullable Bound bound(SchemaNode in, Navigator.@Nullable Bound bound) {
    return bound == null
        ? null
        : new Navigator.Bound(typedKey(in.keySchema(), bound.value()), bound.inclusive());
  }

  private Object typedKey(Schema schema, @Nullable Object key) {
    return fromText ? TextValues.typedKey(schema, key) : Values.normalizeKey(schema, key);
  }

  private @Nullable Object typed(Schema schema, @Nullable Object value) {
    return fromText ? TextValues.typed(schema, value) : Values.normalize(schema, value);
  }

  /** Comparisons are typed where the schema knows the type. */
  private @Nullable Object comparand(@Nullable Object value) {
    return value == null ? null : typed(at.schema, value);
  }

  /** Arguments of numeric functions take the type of the number they work on. */
  private Fn function(Fn function) {
    if (!(function instanceof Fn.Named(var name, var arguments)) || arguments.isEmpty()) {
      return function;
    }
    var typed = new ArrayList<Object>();
    for (var argument : arguments) {
      typed.add(at.schema instanceof Scalar scalar ? number(scalar, argument) : argument);
    }
    return new Fn.Named(name, typed);
  }

  private static Object number(Scalar scalar, Object argument) {
    return switch (scalar) {
      case LONG, INT, DOUBLE ->
          argument instanceof Number
              ? java.util.Objects.requireNonNull(TextValues.typed(scalar, argument))
              : argument;
      case STRING, BYTES, BOOLEAN, UUID, INSTANT, ANY ->
          argument instanceof Integer small ? (Object) small.longValue() : argument;
    };
  }

  private Terminal terminal(Terminal end) {
    WriteRules.terminal(path.steps(), end, at);
    return switch (end) {
      case Terminal.Put(var value) ->
          new Terminal.Put(
              atKey ? Values.normalizeKey(at.schema, value) : Values.normalize(at.schema, value));
      case Terminal.Update(var function) -> new Terminal.Update(function(function));
      case Terminal.Remove _ -> end;
      case Terminal.Add(var element) ->
          new Terminal.Add(Values.normalizeKey(at.keySchema(), element));
      case Terminal.Append(var element) ->
          new Terminal.Append(Values.normalize(at.element().schema, element));
      case Terminal.Prepend(var element) ->
          new Terminal.Prepend(Values.normalize(at.element().schema, element));
    };
  }
}
