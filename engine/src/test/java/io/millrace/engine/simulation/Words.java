package io.millrace.engine.simulation;

import io.millrace.engine.module.NativeContext;
import io.millrace.engine.module.NativeModule;
import io.millrace.engine.module.NativeRecord;
import io.millrace.engine.query.Table;
import io.millrace.engine.state.Execution;
import io.millrace.engine.state.KeyHash;
import io.millrace.engine.state.Ref;
import io.millrace.engine.state.Slots;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A native module with text keys: values are set and removed, and numbers move between two keys,
 * which may be on two tasks, in one record.
 */
final class Words implements NativeModule {
  private @Nullable NativeContext context;
  private final Ref ref = new Ref();

  @Override
  public String name() {
    return "words";
  }

  @Override
  public String depotName() {
    return "writes";
  }

  @Override
  public void attach(NativeContext given, Execution execution) {
    context = given;
  }

  @Override
  public void recovered(Execution execution) {}

  private NativeContext known() {
    return Objects.requireNonNull(context);
  }

  int depotId() {
    return known().depotId();
  }

  /** The task of a key. */
  int task(String key) {
    byte[] k = key.getBytes(StandardCharsets.UTF_8);
    return Slots.task(Slots.slot(k, 0, k.length), known().tasks());
  }

  private long hash(byte[] key) {
    return KeyHash.hash(key, 0, key.length, known().hashSeed());
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

  @Nullable String get(Execution x, String key) {
    return find(x, key) ? new String(ref.copyValue(), StandardCharsets.UTF_8) : null;
  }

  private boolean find(Execution x, String key) {
    byte[] k = key.getBytes(StandardCharsets.UTF_8);
    return x.task(task(key)).find(known().homeSpace(), k, 0, k.length, hash(k), ref);
  }

  private void set(Execution x, String key, String value) {
    byte[] k = key.getBytes(StandardCharsets.UTF_8);
    byte[] v = value.getBytes(StandardCharsets.UTF_8);
    int space = known().homeSpace();
    x.task(task(key)).put(space, k, 0, k.length, hash(k), 1, 0, v, 0, v.length, null);
  }

  private void remove(Execution x, String key) {
    if (find(x, key)) {
      x.task(task(key)).remove(ref);
    }
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

  @Override
  public long digest(int taskId, long stampMs, Execution execution) {
    long[] sum = {0};
    execution
        .task(taskId)
        .scan(
            known().homeSpace(),
            0,
            -1L,
            entry -> {
              sum[0] += hash(entry.copyKey()) * 31 + hash(entry.copyValue());
              return true;
            });
    return sum[0];
  }

  @Override
  public List<Table> tables() {
    return List.of();
  }
}
