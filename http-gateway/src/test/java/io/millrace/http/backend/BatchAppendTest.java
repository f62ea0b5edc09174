package io.millrace.http.backend;

import static io.millrace.engine.pstate.Scalar.LONG;
import static io.millrace.engine.pstate.Scalar.STRING;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Engine;
import io.millrace.engine.EngineConfig;
import io.millrace.engine.depot.AppendAck;
import io.millrace.engine.depot.AppendOptions;
import io.millrace.engine.module.Definition;
import io.millrace.engine.module.EngineModule;
import io.millrace.engine.pstate.Schema;
import io.millrace.http.ingest.Appended;
import io.millrace.http.ingest.IncomingEvent;
import io.netty.channel.DefaultEventLoop;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchAppendTest {
  private static final long KEYS = 6_000;

  @TempDir Path directory;

  record Note(long id, String text) {}

  record Ask(long keys) {}

  static final class Notes implements EngineModule {
    @Override
    public void define(Definition def) {
      var notes = def.depot("notes", Note.class).partitionBy(Note::id);
      var asks = def.depot("asks", Ask.class).partitionBy(Ask::keys);
      var texts = def.pstate("texts", Schema.map(LONG, STRING));
      def.stream("notes").from(notes).write(texts, Note::id).set(Note::text);
      def.stream("asking")
          .from(asks)
          .each((ask, at) -> {
            for (var id = 0L; id < ask.keys(); id++) {
              at.read(texts).key(id).get();
            }
          });
    }
  }

  private Engine open(long hotBytes) throws IOException {
    var config =
        EngineConfig.in(directory.resolve("data"))
            .withTasks(1)
            .withMemory(hotBytes, 1 << 20)
            .withBackground(false);
    return Engine.open(config, List.of(), List.of(new Notes()), failure -> {});
  }

  private static IncomingEvent ask(long keys) {
    return new IncomingEvent(
        null, null, ("{\"keys\":" + keys + "}").getBytes(StandardCharsets.UTF_8));
  }

  private static Appended append(DepotTarget target, long... asks) throws Exception {
    var batch = LongStream.of(asks).mapToObj(BatchAppendTest::ask).toList();
    return target.append(batch, AppendAck.FOLDED).toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  @Test
  void anEventWhoseFoldReadsMoreThanMemoryHoldsIsRefusedAndWhatStandsBeforeItIsTaken()
      throws Exception {
    try (var engine = open(64 << 20)) {
      var text = "x".repeat(400);
      for (var from = 0L; from < KEYS; from += 200) {
        List<Object> batch =
            LongStream.range(from, from + 200).<Object>mapToObj(id -> new Note(id, text)).toList();
        engine.depot("notes").appendAll(batch, AppendOptions.folded().ack(AppendAck.APPENDED));
      }
    }
    var loop = new DefaultEventLoop();
    try (var engine = open(1 << 20)) {
      var target = new DepotTarget(engine.depot("asks"), new Turns(engine.lane(loop), loop));
      var result = append(target, 1, KEYS, 2);
      assertThat(result.accepted()).isOne();
      assertThat(result.stopped()).isEmpty();
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
}
