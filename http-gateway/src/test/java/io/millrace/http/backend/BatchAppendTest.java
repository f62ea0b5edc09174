package io.millrace.http.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Engine;
import io.millrace.engine.EngineConfig;
import io.millrace.engine.depot.AppendAck;
import io.millrace.engine.depot.AppendOptions;
import io.millrace.engine.depot.DepotClient;
import io.millrace.engine.depot.NoSpaceException;
import io.millrace.engine.topology.NotesModule;
import io.millrace.http.ingest.IncomingEvent;
import io.millrace.http.ingest.IngestResult;
import io.netty.channel.DefaultEventLoop;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchAppendTest {
  @TempDir Path directory;

  private Engine open(long hotBytes) throws IOException {
    var config =
        EngineConfig.in(directory.resolve("data"))
            .withTasks(1)
            .withMemory(hotBytes, 1 << 20)
            .withBackground(false);
    return Engine.open(config, List.of(), List.of(new NotesModule()), failure -> {});
  }

  private static IncomingEvent ask(long keys) {
    return new IncomingEvent(
        null, null, ("{\"keys\":" + keys + "}").getBytes(StandardCharsets.UTF_8));
  }

  private static IngestResult append(DepotTarget target, long... asks) throws Exception {
    var batch = LongStream.of(asks).mapToObj(BatchAppendTest::ask).toList();
    return target.append(batch, AppendAck.FOLDED).toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  @Test
  void anEventWhoseFoldReadsMoreThanMemoryHoldsIsRefusedAndWhatStandsBeforeItIsTaken()
      throws Exception {
    try (var engine = open(64 << 20)) {
      for (List<Object> batch : NotesModule.batches()) {
        engine.depot("notes").appendAll(batch, AppendOptions.folded().ack(AppendAck.APPENDED));
      }
    }
    var loop = new DefaultEventLoop();
    try (var engine = open(1 << 20)) {
      var target = new DepotTarget(engine.depot("asks"), new Turns(engine.lane(loop), loop));
      var result = append(target, 1, NotesModule.KEYS, 2);
      assertThat(result.accepted()).isOne();
      assertThat(result.stops()).isEmpty();
      assertThat(result.rejection()).isNotNull();
      assertThat(result.rejection().status()).isEqualTo(503);
      assertThat(result.rejection().code()).isEqualTo("BUSY");
      var next = append(target, 2, 3);
      assertThat(next.accepted()).isEqualTo(2);
      assertThat(next.rejection()).isNull();
    } finally {
      loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();
    }
  }

  @Test
  void aDiskThatFillsInTheMiddleOfABatchDoesNotHideWhatWasTaken() throws Exception {
    var loop = new DefaultEventLoop();
    try (var engine = open(64 << 20)) {
      var turns = new Turns(engine.lane(loop), loop);
      var result = append(new DepotTarget(fullAfter(2, engine.depot("asks")), turns), 1, 2, 3, 4);
      assertThat(result.accepted()).isEqualTo(2);
      assertThat(result.token()).contains(":1");
      assertThat(result.rejection()).isNotNull();
      assertThat(result.rejection().status()).isEqualTo(507);
      assertThat(result.rejection().code()).isEqualTo("NOSPACE");
    } finally {
      loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();
    }
  }

  /** A depot whose disk is full after some appends. */
  @SuppressWarnings("unchecked")
  private static DepotClient<Object> fullAfter(int appends, DepotClient<Object> depot) {
    var done = new AtomicInteger();
    return (DepotClient<Object>)
        Proxy.newProxyInstance(
            DepotClient.class.getClassLoader(),
            new Class<?>[] {DepotClient.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("append") && done.incrementAndGet() > appends) {
                throw new NoSpaceException();
              }
              try {
                return method.invoke(depot, arguments);
              } catch (InvocationTargetException e) {
                throw e.getTargetException();
              }
            });
  }
}
