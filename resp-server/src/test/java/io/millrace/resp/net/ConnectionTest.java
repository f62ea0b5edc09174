package io.millrace.resp.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.state.Lane;
import io.millrace.resp.RedisCommands;
import io.millrace.resp.config.ServerSettings;
import io.millrace.resp.keyspace.Keyspace;
import io.millrace.resp.server.EngineFacts;
import io.millrace.resp.server.Server;
import io.millrace.resp.session.Lent;
import io.millrace.resp.session.Session;
import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a connection does when the journal, or memory, does not do what was expected. */
final class ConnectionTest {
  private static final byte[] MESSAGE = "+message\r\n".getBytes(StandardCharsets.US_ASCII);

  private final AtomicLong released = new AtomicLong();
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private Server server;
  private Session session;

  /** Native memory is at its end. */
  private static final class Exhausted extends AbstractByteBufAllocator {
    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
      throw new OutOfMemoryError("asked for by the test");
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
      throw new OutOfMemoryError("asked for by the test");
    }

    @Override
    public boolean isDirectBufferPooled() {
      return false;
    }
  }

  @BeforeEach
  void connect() {
    var settings = new ServerSettings(Map.of("protected-mode", "no"));
    var keyspace = new Keyspace(RedisCommands.types(settings));
    var handlers = RedisCommands.handlers();
    server = new Server(handlers.table(), keyspace, settings, EngineFacts.none(), 0);
    var lane = new RespLane(channel.eventLoop(), lane(), handlers, server);
    channel.pipeline().addLast(new RespHandler(lane));
    channel.pipeline().fireChannelActive();
    session = server.sessions().iterator().next();
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  /** An engine of which only the watermark is real. */
  private Lane lane() {
    return (Lane)
        Proxy.newProxyInstance(
            Lane.class.getClassLoader(),
            new Class<?>[] {Lane.class},
            (proxy, method, arguments) -> {
              switch (method.getName()) {
                case "released":
                  return released.get();
                case "whenReleased":
                  waiting.add((Runnable) arguments[1]);
                  return null;
                default:
                  return null;
              }
            });
  }

  private String sent() {
    ByteBuf bytes = channel.readOutbound();
    if (bytes == null) {
      return "";
    }
    var text = bytes.toString(StandardCharsets.US_ASCII);
    bytes.release();
    return text;
  }

  @Test
  void aReplyIsSentThoughTheWatermarkWentBackInBetween() {
    session.push(MESSAGE, 100);
    channel.runPendingTasks();
    assertThat(waiting).hasSize(1);
    // The lane saw 100, and everysec is back at 90 when the connection looks.
    released.set(90);
    waiting.remove().run();
    assertThat(sent()).isEmpty();
    released.set(100);
    assertThat(waiting).hasSize(1);
    waiting.remove().run();
    assertThat(sent()).isEqualTo("+message\r\n");
    assertThat(waiting).isEmpty();
  }

  @Test
  void aConnectionThatMissesAReplyIsClosedAndGivesBackWhatWaits() {
    channel.config().setAllocator(new Exhausted());
    var memory = server.memory();
    long before = memory.used();
    int large = 2 * Lent.LARGE;
    memory.takeAnyway(large);
    var lent = new Lent(new byte[large], memory);
    session.push(MESSAGE, 0);
    session.push(lent, 0);
    lent.release();
    assertThat(memory.used() - before).isEqualTo(large);
    channel.runPendingTasks();
    assertThat(channel.isOpen()).isFalse();
    assertThat(memory.used()).isEqualTo(before);
  }
}
