package io.millrace.sql.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.state.RequestMemory;
import io.millrace.sql.SqlConfig;
import io.millrace.sql.SqlServer;
import io.millrace.sql.TestLane;
import io.millrace.sql.session.SqlSession;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A message that an event loop leaves to a worker is cut into tokens once. */
final class QueryDraftTest {
  private final AtomicInteger runs = new AtomicInteger();
  private final TestLane lane = new TestLane(Runnable::run);
  private final ByteBuf sent = Unpooled.buffer();
  private SqlServer server;
  private Protocol protocol;

  @BeforeEach
  void start() throws Exception {
    server =
        SqlServer.start(
            SqlConfig.of("127.0.0.1", 0, null),
            () -> List.of(),
            token -> {
              throw new UnsupportedOperationException("no snapshot");
            });
    SqlSession session = server.session("m");
    var draft =
        new QueryDraft(sql -> {
          runs.incrementAndGet();
          return session.statements(sql);
        });
    Protocol.Output output =
        (bytes, position) -> {
          sent.writeBytes(bytes);
          bytes.release();
        };
    var out = new MessageWriter(UnpooledByteBufAllocator.DEFAULT);
    protocol = new Protocol(session, out, output, RequestMemory.ofThisProcess(), draft);
  }

  @AfterEach
  void stop() {
    protocol.close();
    server.close();
  }

  private static Frame frame(char type, String... texts) {
    var body = Unpooled.buffer();
    for (var text : texts) {
      body.writeCharSequence(text, StandardCharsets.UTF_8);
      body.writeByte(0);
    }
    return new Frame((byte) type, body.writeShort(0));
  }

  private static Frame query(String sql) {
    return frame('Q', sql);
  }

  private String answer() {
    var text = sent.toString(StandardCharsets.ISO_8859_1);
    sent.clear();
    return text;
  }

  /** As a connection does it: the event loop first, then a worker. */
  private void handle(Frame frame) {
    assertThat(protocol.quickly(frame, lane)).isFalse();
    protocol.handle(frame);
  }

  @Test
  void aQueryThatHasToBePlannedIsReadOnce() {
    handle(query("select 'first' || 1"));
    assertThat(runs).hasValue(1);
    assertThat(answer()).contains("first1").contains("SELECT 1");
  }

  @Test
  void aQueryWhosePlanIsKnownIsReadOnceAndLookedUpOnce() {
    handle(query("select 'first' || 1"));
    var hits = server.plans().hits();
    answer();
    handle(query("select 'first' || 1"));
    assertThat(runs).hasValue(2);
    assertThat(server.plans().hits() - hits).isEqualTo(1);
    assertThat(answer()).contains("first1").contains("SELECT 1");
  }

  @Test
  void severalStatementsAreReadOnce() {
    handle(query("select 'a' || 1; select 'b' || 2"));
    assertThat(runs).hasValue(1);
    assertThat(answer()).contains("a1").contains("b2");
  }

  @Test
  void aStatementToPrepareIsReadOnce() {
    handle(frame('P', "s", "select 'first' || 1"));
    assertThat(runs).hasValue(1);
    protocol.handle(frame('H'));
    assertThat(answer()).startsWith("1");
  }

  @Test
  void whatWasReadOfOneMessageIsNothingToTheNext() {
    assertThat(protocol.quickly(query("select 'left' || 1"), lane)).isFalse();
    protocol.handle(query("select 'next' || 1"));
    assertThat(runs).hasValue(2);
    assertThat(answer()).contains("next1");
  }

  @Test
  void anErrorLeavesNothingBehind() {
    var wrong = query("select nothing_like_this");
    handle(wrong);
    assertThat(answer()).contains("nothing_like_this");
    assertThat(runs).hasValue(1);
    wrong.body().readerIndex(0);
    protocol.handle(wrong);
    assertThat(runs).hasValue(2);
  }
}
