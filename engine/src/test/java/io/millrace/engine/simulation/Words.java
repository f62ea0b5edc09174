package io.millrace.engine.simulation;

import io.millrace.engine.TextModule;
import io.millrace.engine.module.NativeRecord;
import io.millrace.engine.state.Execution;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;

/**
 * A native module with text keys: values are set and removed, and numbers move between two keys,
 * which may be on two tasks, in one record.
 */
final class Words extends TextModule {
  Words() {
    super("words");
  }

  int depotId() {
    return known().depotId();
  }

  /** Changes state as the body of a record says. */
  void apply(String body, Execution x) {
    String[] word = body.split(" ");
    switch (word[0]) {
      case "set" -> set(x, word[1], word[2]);
      case "del" -> remove(x, word[1]);
      case "move" -> {
        long amount = Long.parseLong(word[3]);
        add(x, word[1], -amount);
        add(x, word[2], amount);
      }
      default -> throw new IllegalArgumentException(body);
    }
  }

  private void add(Execution x, String key, long amount) {
    String old = get(x, key);
    set(x, key, Long.toString((old == null ? 0 : Long.parseLong(old)) + amount));
  }

  /** Journals a body whose effect has been applied; returns the position its reply waits for. */
  long append(String body, Execution x) {
    String[] word = body.split(" ");
    int[] others = word[0].equals("move") ? new int[] {task(word[2])} : new int[0];
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return x.append(known().depotId(), task(word[1]), 1, others, bytes, 0, bytes.length);
  }

  @Override
  public void replay(NativeRecord record, Execution execution) {
    byte[] body = record.array();
    apply(new String(body, record.offset(), record.length(), StandardCharsets.UTF_8), execution);
  }

  /** All keys and values, with an error for a key that is not on its own task. */
  TreeMap<String, String> all(Execution x) {
    TreeMap<String, String> all = new TreeMap<>();
    for (int t = 0; t < known().tasks(); t++) {
      int task = t;
      x.task(task)
          .scan(
              known().homeSpace(),
              0,
              -1L,
              entry -> {
                String key = new String(entry.copyKey(), StandardCharsets.UTF_8);
                if (task(key) != task) {
                  throw new AssertionError("I6: " + key + " stands on task " + task);
                }
                all.put(key, new String(entry.copyValue(), StandardCharsets.UTF_8));
                return true;
              });
    }
    return all;
  }
}
