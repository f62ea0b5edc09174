package io.millrace.engine;

import io.millrace.engine.module.NativeContext;
import io.millrace.engine.module.NativeModule;
import io.millrace.engine.state.Execution;
import io.millrace.engine.state.KeyHash;
import io.millrace.engine.state.Ref;
import io.millrace.engine.table.Table;
import io.millrace.engine.tree.Slots;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A native module whose state is text under text keys. */
public abstract class TextModule implements NativeModule {
  private final String name;
  private final Ref ref = new Ref();
  private @Nullable NativeContext context;

  /** Makes a module of a name; its records go to the depot {@code writes}. */
  protected TextModule(String name) {
    this.name = name;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final String depotName() {
    return "writes";
  }

  @Override
  public final void attach(NativeContext given, Execution execution) {
    context = given;
  }

  @Override
  public final void recovered(Execution execution) {}

  /** What the module is attached to. */
  protected final NativeContext known() {
    return Objects.requireNonNull(context, "not attached");
  }

  /** The task of a key. */
  public final int task(String key) {
    byte[] k = key.getBytes(StandardCharsets.UTF_8);
    return Slots.task(Slots.slot(k, 0, k.length), known().tasks());
  }

  private long hash(byte[] key) {
    return KeyHash.hash(key, 0, key.length, known().hashSeed());
  }

  /** The value of a key. */
  public final @Nullable String get(Execution x, String key) {
    return find(x, key) ? new String(ref.copyValue(), StandardCharsets.UTF_8) : null;
  }

  private boolean find(Execution x, String key) {
    byte[] k = key.getBytes(StandardCharsets.UTF_8);
    return x.task(task(key)).find(known().homeSpace(), k, 0, k.length, hash(k), ref);
  }

  /** Sets a key. */
  protected final void set(Execution x, String key, String value) {
    byte[] k = key.getBytes(StandardCharsets.UTF_8);
    byte[] v = value.getBytes(StandardCharsets.UTF_8);
    int space = known().homeSpace();
    x.task(task(key)).put(space, k, 0, k.length, hash(k), 1, 0, v, 0, v.length, null);
  }

  /** Removes a key if it is there. */
  protected final void remove(Execution x, String key) {
    if (find(x, key)) {
      x.task(task(key)).remove(ref);
    }
  }

  @Override
  public final long digest(int taskId, long stampMs, Execution execution) {
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
  public final List<Table> tables() {
    return List.of();
  }
}
