package io.millrace.engine.internal.plan;

import io.millrace.engine.path.Navigator;
import io.millrace.engine.path.PathException;
import io.millrace.engine.path.Terminal;
import io.millrace.engine.pstate.Scalar;
import java.util.List;

/** What a path that writes may not do. */
final class WriteRules {
  private WriteRules() {}

  /** Refuses navigators that cannot be written through where they stand. */
  static void step(List<Navigator> path, int index, SchemaNode at, boolean atKey) {
    var step = path.get(index);
    var last = index == path.size() - 1;
    if (at.schema == Scalar.ANY && !control(step)) {
      throw new PathException("a value of type any is written whole; use update");
    }
    switch (step) {
      case Navigator.View _ -> throw readsOnly("view", "update");
      case Navigator.Count _ -> throw readsOnly("count", "a path without it");
      case Navigator.Contains _ -> throw readsOnly("contains", "setElem or must");
      case Navigator.Subselect _ -> throw readsOnly("subselect", "multi");
      case Navigator.All _, Navigator.First _, Navigator.Last _ -> {
        if (at.isMap()) {
          throw new PathException("the pairs of a map cannot be written; use mapVals or a key");
        }
      }
      case Navigator.SortedRange _ -> {
        if (!last
            && !(path.get(index + 1) instanceof Navigator.MapVals)
            && !(path.get(index + 1) instanceof Navigator.All && at.isSet())) {
          throw new PathException(
              "a range is written through " + (at.isSet() ? "all" : "mapVals") + ", or removed");
        }
      }
      case Navigator.MapKeys _, Navigator.MapKey _ -> {
        if (!last) {
          throw new PathException("keys cannot be changed, only removed");
        }
      }
      case Navigator.AfterLast _, Navigator.BeforeFirst _ -> {
        if (!last) {
          throw new PathException("a place at the end of a list takes a value at once");
        }
      }
      case Navigator.NullTo _ -> {
        if (at.parts) {
          throw new PathException("null is an empty collection here; leave nullTo out");
        }
        if (atKey) {
          throw new PathException("an element of a set is never null; leave nullTo out");
        }
      }
      case Navigator.Key _,
          Navigator.Must _,
          Navigator.Nth _,
          Navigator.MapVals _,
          Navigator.SetElem _,
          Navigator.Compare _,
          Navigator.Where _,
          Navigator.Selected _,
          Navigator.Multi _,
          Navigator.Stay _ -> {}
    }
  }

  private static boolean control(Navigator step) {
    return step instanceof Navigator.Compare
        || step instanceof Navigator.Where
        || step instanceof Navigator.Selected
        || step instanceof Navigator.NullTo
        || step instanceof Navigator.Stay
        || step instanceof Navigator.View;
  }

  private static PathException readsOnly(String step, String instead) {
    return new PathException(step + " cannot be written through; use " + instead);
  }

  /** Refuses terminals that do not fit what the path ends at. */
  static void terminal(List<Navigator> path, Terminal terminal, SchemaNode at) {
    var end = path.isEmpty() ? null : path.getLast();
    var removes = terminal instanceof Terminal.Remove;
    if (end instanceof Navigator.SortedRange && !removes) {
      throw new PathException(
          "a range can be removed; to write its elements go on with "
              + (at.isSet() ? "all" : "mapVals"));
    }
    if ((end instanceof Navigator.MapKeys || end instanceof Navigator.MapKey) && !removes) {
      throw new PathException("keys cannot be changed, only removed");
    }
    if ((end instanceof Navigator.AfterLast || end instanceof Navigator.BeforeFirst) && removes) {
      throw new PathException("there is nothing to remove behind the end of a list");
    }
    if (terminal instanceof Terminal.Add && !at.isSet()) {
      throw new PathException("add needs a set, but here is " + at);
    }
    if ((terminal instanceof Terminal.Append || terminal instanceof Terminal.Prepend)
        && !at.isList()) {
      throw new PathException("append and prepend need a list, but here is " + at);
    }
  }
}
