package io.millrace.engine;

import io.millrace.engine.module.NativeRecord;
import io.millrace.engine.state.Execution;
import io.millrace.engine.state.Lane;
import io.millrace.engine.state.NotResidentException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The smallest native module: {@code key=value} records over text keys. */
final class KvModule extends TextModule {
  KvModule() {
    super("kv");
  }

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
    return executing(lane, x -> Optional.ofNullable(get(x, key))).orElse(null);
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
        lane.release();
        lane.write();
      }
      CountDownLatch loaded = new CountDownLatch(1);
      lane.load(missing, loaded::countDown);
      loaded.await();
    }
  }

  @Override
  public void replay(NativeRecord record, Execution execution) {
    apply(record.array(), record.offset(), record.length(), execution);
  }

  private void apply(byte[] body, int offset, int length, Execution x) {
    String text = new String(body, offset, length, StandardCharsets.UTF_8);
    int equals = text.indexOf('=');
    set(x, text.substring(0, equals), text.substring(equals + 1));
  }
}
