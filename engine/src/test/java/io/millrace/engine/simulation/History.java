package io.millrace.engine.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Everything that was executed and still stands, in order. */
final class History {
  /**
   * One entry.
   *
   * @param start position of the journal before it
   * @param end position behind its last record
   * @param digest hash of all state behind it, or null when nobody took it
   */
  record Entry(Model.Op op, long start, long end, @Nullable Long digest) {}

  private final List<Entry> entries = new ArrayList<>();
  private final Map<String, Long> touched = new HashMap<>();
  Model model = new Model();

  void add(Model.Op op, long start, long end, @Nullable Long digest) {
    Entry last = last();
    if (end <= start || (last != null && start < last.end)) {
      throw new AssertionError("I5: " + op + " is published out of order, at " + start);
    }
    entries.add(new Entry(op, start, end, digest));
    model.apply(op);
    touch(op, end);
  }

  private void touch(Model.Op op, long end) {
    if (op instanceof Model.Word word) {
      String[] parts = word.body().split(" ");
      touched.put(parts[1], end);
      if (parts[0].equals("move")) {
        touched.put(parts[2], end);
      }
    }
  }

  /** Position behind the newest record that changed a key. */
  long changed(String key) {
    return touched.getOrDefault(key, 0L);
  }

  int size() {
    return entries.size();
  }

  @Nullable Entry last() {
    return entries.isEmpty() ? null : entries.getLast();
  }

  /** The newest entry's later records were appended again, wherever. */
  void trim(long position) {
    Entry last = last();
    if (last != null && last.end > position) {
      entries.removeLast();
      // Of several DRAIN records some are gone for good: the state is no longer the one they led
      // to.
      Long digest = last.op instanceof Model.Silent ? null : last.digest;
      entries.add(new Entry(last.op, last.start, position, digest));
    }
  }

  /** Forgets what lies at or behind a position where the journal was found to end. */
  int cutTo(long position) {
    int before = entries.size();
    while (!entries.isEmpty() && entries.getLast().start >= position) {
      entries.removeLast();
    }
    model = new Model();
    touched.clear();
    for (Entry entry : entries) {
      model.apply(entry.op);
      touch(entry.op, Math.min(entry.end, position));
    }
    return before - entries.size();
  }
}
