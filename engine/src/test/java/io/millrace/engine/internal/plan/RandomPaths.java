package io.millrace.engine.internal.plan;

import io.millrace.engine.internal.codec.RandomValues;
import io.millrace.engine.path.Fn;
import io.millrace.engine.path.Navigator;
import io.millrace.engine.path.Path;
import io.millrace.engine.path.Steps;
import io.millrace.engine.path.Terminal;
import io.millrace.engine.pstate.ListSchema;
import io.millrace.engine.pstate.MapSchema;
import io.millrace.engine.pstate.RecordSchema;
import io.millrace.engine.pstate.Scalar;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.pstate.SetSchema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Random schemas of pstates, and paths that mostly fit them. */
final class RandomPaths {
  private final RandomValues random;

  RandomPaths(RandomValues random) {
    this.random = random;
  }

  /** A path and the schema it ends at, null where only a run can tell. */
  record Ended(Steps path, @Nullable Schema end) {}

  Schema pstate() {
    return switch (random.upTo(8)) {
      case 0 -> Schema.set(random.keySchema());
      case 1 -> Schema.list(element(2));
      case 2 -> record(2);
      case 3 -> random.inline(2);
      default -> Schema.map(random.keySchema(), element(3));
    };
  }

  /** The schema of an element of a tree, which may hold trees. */
  private Schema element(int depth) {
    return switch (depth == 0 ? 0 : random.upTo(8)) {
      case 1, 2 -> Schema.map(random.keySchema(), element(depth - 1)).subindexed();
      case 3 -> Schema.set(random.keySchema()).subindexed();
      case 4 -> Schema.list(element(depth - 1)).subindexed();
      case 5, 6 -> record(depth);
      default -> random.inline(2);
    };
  }

  private Schema record(int depth) {
    return Schema.record(
        Schema.field("one", element(depth - 1)),
        Schema.field("two", element(depth - 1)),
        Schema.field("three", random.inline(1)));
  }

  Ended path(Schema schema, boolean write) {
    var ended = new Ended(Path.here(), schema);
    while (random.chance(75)) {
      ended = step(ended, write);
    }
    return ended;
  }

  private Ended step(Ended from, boolean write) {
    if (random.chance(20)) {
      return control(from, write);
    }
    var at = from.end;
    return switch (at) {
      case MapSchema map -> map(from, map, write);
      case SetSchema set -> set(from, set, write);
      case ListSchema list -> list(from, list, write);
      case RecordSchema record -> {
        var field = random.pick(record.fields());
        var path = random.chance(60) ? from.path.key(field.name()) : from.path.must(field.name());
        yield new Ended(path, field.schema());
      }
      case Scalar _ -> from;
      case null -> from;
    };
  }

  private Ended control(Ended from, boolean write) {
    var at = from.end;
    var path = from.path;
    return switch (random.upTo(write ? 7 : 10)) {
      case 0 -> new Ended(path.stay(), at);
      case 1 -> new Ended(path.selected(inner(at)), at);
      case 2 -> new Ended(path.notSelected(inner(at)), at);
      case 3 ->
          new Ended(
              path.multi(Path.here(), random.chance(50) ? inner(at) : Path.here()),
              random.chance(50) ? at : null);
      case 4 -> new Ended(path.where(value -> value != null), at);
      case 5 -> at == null ? from : new Ended(path.nullTo(random.present(at)), at);
      case 6 ->
          at == null
              ? from
              : new Ended(path.then(new Navigator.Compare(comparison(), random.value(at))), at);
      case 7 -> new Ended(path.subselect(inner(at)), null);
      case 8 -> new Ended(path.viewBy(value -> value == null ? "none" : value), null);
      default -> new Ended(path.view("size"), null);
    };
  }

  private Navigator.Comparison comparison() {
    return random.pick(List.of(Navigator.Comparison.values()));
  }

  private Path inner(@Nullable Schema at) {
    return at == null ? Path.here() : path(at, false).path;
  }

  private Ended map(Ended from, MapSchema map, boolean write) {
    var path = from.path;
    return switch (random.upTo(write ? 6 : 12)) {
      case 0, 1 -> new Ended(path.key(random.key(map.key())), map.value());
      case 2 -> new Ended(path.must(random.key(map.key())), map.value());
      case 3 -> new Ended(path.mapVals(), map.value());
      case 4 ->
          write && random.chance(70)
              ? new Ended(path.then(range(map.key())).mapVals(), map.value())
              : new Ended(path.then(range(map.key())), map);
      case 5 ->
          random.chance(50)
              ? new Ended(path.mapKeys(), map.key())
              : new Ended(path.mapKey(random.key(map.key())), map.key());
      case 6 -> new Ended(path.count(), Scalar.LONG);
      case 7 -> new Ended(path.contains(random.key(map.key())), Scalar.BOOLEAN);
      case 8 -> new Ended(path.all(), null);
      case 9 -> new Ended(path.first(), null);
      case 10 -> new Ended(path.last(), null);
      default -> new Ended(path.then(range(map.key())).mapVals(), map.value());
    };
  }

  private Ended set(Ended from, SetSchema set, boolean write) {
    var path = from.path;
    var element = set.element();
    return switch (random.upTo(write ? 5 : 7)) {
      case 0 -> new Ended(path.setElem(random.key(element)), element);
      case 1 -> new Ended(path.all(), element);
      case 2 -> new Ended(path.first(), element);
      case 3 -> new Ended(path.last(), element);
      case 4 ->
          random.chance(50)
              ? new Ended(path.then(range(element)).all(), element)
              : new Ended(path.then(range(element)), set);
      case 5 -> new Ended(path.contains(random.key(element)), Scalar.BOOLEAN);
      default -> new Ended(path.count(), Scalar.LONG);
    };
  }

  private Ended list(Ended from, ListSchema list, boolean write) {
    var path = from.path;
    var element = list.element();
    return switch (random.upTo(write ? 6 : 8)) {
      case 0 -> new Ended(path.nth(random.upTo(3)), element);
      case 1 -> new Ended(path.all(), element);
      case 2 -> new Ended(path.first(), element);
      case 3 -> new Ended(path.last(), element);
      case 4, 5 ->
          write
              ? new Ended(random.chance(50) ? path.afterLast() : path.beforeFirst(), element)
              : new Ended(path.all(), element);
      case 6 -> new Ended(path.contains(random.value(element)), Scalar.BOOLEAN);
      default -> new Ended(path.count(), Scalar.LONG);
    };
  }

  Navigator range(Schema key) {
    return new Navigator.SortedRange(bound(key), bound(key), random.upTo(4), random.chance(40));
  }

  private Navigator.@Nullable Bound bound(Schema key) {
    return random.chance(30) ? null : new Navigator.Bound(random.key(key), random.chance(50));
  }

  Terminal terminal(@Nullable Schema end) {
    if (end == null || random.chance(15)) {
      return Terminal.remove();
    }
    if (end instanceof ListSchema list && random.chance(60)) {
      var element = random.value(list.element());
      return random.chance(50) ? Terminal.append(element) : Terminal.prepend(element);
    }
    if (end instanceof SetSchema set && random.chance(60)) {
      return Terminal.add(random.key(set.element()));
    }
    if (end == Scalar.LONG && random.chance(40)) {
      return new Terminal.Update(new Fn.Named(random.chance(50) ? "inc" : "negate", List.of()));
    }
    var value = random.value(end);
    return random.chance(70)
        ? Terminal.set(value)
        : Terminal.update(old -> old == null || random.chance(0) ? value : old);
  }
}
