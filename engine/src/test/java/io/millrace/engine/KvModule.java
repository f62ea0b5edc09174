package io.millrace.engine;

import io.millrace.engine.module.NativeContext;
import io.millrace.engine.module.NativeModule;
import io.millrace.engine.module.NativeRecord;
import io.millrace.engine.query.Table;
import io.millrace.engine.state.Execution;
import io.millrace.engine.state.KeyHash;
import io.millrace.engine.state.Lane;
import io.millrace.engine.state.NotResidentException;
import io.millrace.engine.state.Ref;
import io.millrace.engine.state.Slots;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The smallest native module: {@code key=value} records over text keys. */
final class KvModule implements NativeModule {
  private @Nullable NativeContext context;
  private final Ref ref = new Ref();

  @Override
  public String name() {
    return "kv";
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

  /** Executes one write as a door would, and returns the position its reply waits for. */
  long put(Lane lane, String key, String value) throws InterruptedException {
    byte[] body = (key + "=" + value).getBytes(StandardCharsets.UTF_8);
    return executing(
        lane,
        x -> {
          apply(body, 0, body.length, x);
          return x.append(known().depotId(), task(key), 1, new int[0], body, 0, body.length);
        });
  }

  /** Reads a key as a door would, loading what is not in memory. */
  @Nullable String get(Lane lane, String key) throws InterruptedException {
    byte[] found = executing(lane, x -> find(x, key) ? ref.copyValue() : new byte[] {0});
    return found.length == 1 && found[0] == 0 ? null : new String(found, StandardCharsets.UTF_8);
  }

  private static <T> T executing(Lane lane, Function<Execution, T> work)
      throws InterruptedException {
    while (true) {
      Execution x = lane.hold();
      NotResidentException missing;
      try {
        return work.apply(x);
      } catch (NotResidentException e) {
        missing = e;
      } finally {
        lane.letGo();
        lane.write();
      }
      CountDownLatch loaded = new CountDownLatch(1);
      lane.load(missing, loaded::countDown);
      loaded.await();
    }
  }

  private boolean find(Execution x, String key) {
    byte[] k = key.getBytes(StandardCharsets.UTF_8);
    return x.task(task(key)).find(known().homeSpace(), k, 0, k.length, hash(k), ref);
  }

  private NativeContext known() {
    NativeContext given = context;
    if (given == null) {
      throw new IllegalStateException("not attached");
    }
    return given;
  }

  private int task(String key) {
    byte[] k = key.getBytes(StandardCharsets.UTF_8);
    return Slots.task(Slots.slot(k, 0, k.length), known().tasks());
  }

  private long hash(byte[] key) {
    return KeyHash.hash(key, 0, key.length, known().hashSeed());
  }

  @Override
  public void replay(NativeRecord record, Execution execution) {
    apply(record.array(), record.offset(), record.length(), execution);
  }

  private void apply(byte[] body, int offset, int length, Execution x) {
    String text = new String(body, offset, length, StandardCharsets.UTF_8);
    int equals = text.indexOf('=');
    byte[] k = text.substring(0, equals).getBytes(StandardCharsets.UTF_8);
    byte[] v = text.substring(equals + 1).getBytes(StandardCharsets.UTF_8);
    int task = Slots.task(Slots.slot(k, 0, k.length), known().tasks());
    x.task(task).put(known().homeSpace(), k, 0, k.length, hash(k), 1, 0, v, 0, v.length, null);
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
