package io.millrace.resp.differential;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A reply as it came over the wire, either protocol version. */
sealed interface Reply {
  /** One line or blob: its type byte and its text (ISO 8859-1, so bytes are kept). */
  record Text(char type, String value) implements Reply {
    @Override
    public String toString() {
      return type + value;
    }
  }

  /** A null of any kind: {@code $-1}, {@code *-1} or {@code _}. */
  record Null(char type) implements Reply {
    @Override
    public String toString() {
      return type + "null";
    }
  }

  /** An aggregate: {@code *}, {@code ~}, {@code %} (keys and values in turn) or {@code >}. */
  record Many(char type, List<Reply> items) implements Reply {
    @Override
    public String toString() {
      return type + items.toString();
    }

    /** The same with its items sorted: for replies whose order means nothing. */
    Many sorted() {
      List<Reply> copy = new ArrayList<>(items);
      copy.sort(Comparator.comparing(Reply::toString));
      return new Many(type, copy);
    }

    /** The same with its pairs sorted. */
    Many sortedPairs() {
      if (items.size() % 2 != 0) {
        return this;
      }
      List<List<Reply>> pairs = new ArrayList<>();
      for (int i = 0; i < items.size(); i += 2) {
        pairs.add(items.subList(i, i + 2));
      }
      pairs.sort(Comparator.comparing(Object::toString));
      List<Reply> flat = new ArrayList<>();
      pairs.forEach(flat::addAll);
      return new Many(type, flat);
    }
  }
}
