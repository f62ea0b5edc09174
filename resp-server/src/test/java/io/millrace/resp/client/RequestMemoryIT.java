package io.millrace.resp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.health.HealthFact;
import io.millrace.engine.state.RequestMemory;
import io.millrace.resp.TestNode;
import io.millrace.resp.server.EngineFacts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The memory that requests hold together: what takes it gives it back, and who is refused is told.
 */
final class RequestMemoryIT {
  private static final long HEAP = 400L << 20;
  private static final int ITEMS = 200_000;

  @TempDir private Path directory;

  private final RequestMemory memory = RequestMemory.ofHeap(HEAP);

  /** An engine with little memory for requests, that has none at all for facts about its health. */
  private final class Small implements EngineFacts {
    private final EngineFacts others = EngineFacts.none();

    @Override
    public RequestMemory requestMemory() {
      return memory;
    }

    @Override
    public List<HealthFact> health() {
      throw new OutOfMemoryError("asked for by the test");
    }

    @Override
    public long usedMemory() {
      return others.usedMemory();
    }

    @Override
    public long journalPosition() {
      return others.journalPosition();
    }

    @Override
    public long lastCheckpointSeconds() {
      return others.lastCheckpointSeconds();
    }

    @Override
    public void checkpoint(Consumer<@Nullable Exception> done) {
      others.checkpoint(done);
    }

    @Override
    public void shutdown() {
      others.shutdown();
    }

    @Override
    public void failed(Throwable cause) {
      others.failed(cause);
    }
  }

  private TestNode node() throws IOException {
    return TestNode.start(directory, 1, Map.of(), new Small(), config -> config.withTasks(4));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Commands in one piece, as a client that does not wait for replies sends them. */
  private static byte[] commands(String... all) {
    var text = new StringBuilder();
    for (var command : all) {
      var words = command.split(" ");
      text.append('*').append(words.length).append("\r\n");
      for (var word : words) {
        text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
      }
    }
    return bytes(text.toString());
  }

  private static byte[] join(byte[] one, byte[] other) {
    byte[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }

  private static byte[] repeated(int times, String command) {
    return bytes(new String(commands(command), StandardCharsets.US_ASCII).repeat(times));
  }

  private static boolean closed(TextClient client) throws IOException {
    try {
      return client.ended();
    } catch (SocketException reset) {
      return true;
    }
  }

  @Test
  void aCommandThatIsDroppedWhenItsLastByteIsHereIsAnsweredInItsPlace() throws Exception {
    try (var node = node();
        var client = new TextClient(node.port());
        var other = new TextClient(node.port())) {
      var begun = "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$200000\r\n" + "x".repeat(150_000);
      client.sendRaw(join(commands("BLPOP q 0"), bytes(begun)));
      await().until(() -> other.ask("CLIENT", "LIST").contains("qbuf=" + begun.length()));
      var end = "x".repeat(50_000) + "\r\n";
      client.sendRaw(bytes(end));
      int all = begun.length() + end.length();
      await().until(() -> other.ask("CLIENT", "LIST").contains("qbuf=" + all));
      long rest = memory.limit() - memory.used();
      memory.takeAnyway(rest);
      // The value has come to its end in the array that is held; what follows it has no room.
      client.sendRaw(bytes("PING\r\n".repeat(2000)));
      await().until(() -> memory.refused() > 0);
      memory.give(rest);
      other.ask("RPUSH", "q", "v");
      assertThat(client.read()).isEqualTo("*[$q, $v]");
      assertThat(client.read()).startsWith("-OOM the command is larger");
      for (int i = 0; i < 2000; i++) {
        assertThat(client.read()).isEqualTo("+PONG");
      }
      assertThat(client.ask("GET", "k")).isEqualTo("nil");
    }
  }

  @Test
  void whatWasTakenForACommandWithManyArgumentsGoesBackWhenItHasRun() throws Exception {
    try (var node = node();
        var client = new TextClient(node.port());
        var other = new TextClient(node.port())) {
      long before = memory.used();
      var text = "*" + (ITEMS + 2) + "\r\n$5\r\nRPUSH\r\n$1\r\nk\r\n" + "$1\r\nx\r\n".repeat(ITEMS);
      int half = text.length() / 2;
      client.sendRaw(bytes(text.substring(0, half)));
      await().until(() -> other.ask("CLIENT", "LIST").contains("qbuf=" + half));
      client.sendRaw(bytes(text.substring(half)));
      assertThat(client.read()).isEqualTo(":" + ITEMS);
      await().untilAsserted(() -> assertThat(memory.used() - before).isLessThan(100_000));
    }
  }

  @Test
  void aCommandWithoutMemoryDoesNotTakeTheRepliesBeforeIt() throws Exception {
    try (var node = node();
        var client = new TextClient(node.port())) {
      client.sendRaw(commands("SET a 1", "GET a", "INFO health", "PING"));
      assertThat(client.read()).isEqualTo("+OK");
      assertThat(client.read()).isEqualTo("$1");
      assertThat(client.read()).startsWith("-OOM the command needs");
      assertThat(client.read()).isEqualTo("+PONG");
    }
  }

  @Test
  void allThatWasAskedForIsSentBeforeQuitCloses() throws Exception {
    int length = 1_000_000;
    try (var node = node();
        var client = new TextClient(node.port())) {
      assertThat(client.ask("SET", "k", "x".repeat(length))).isEqualTo("+OK");
      // More than once: both run in one turn when the code is warm.
      for (int i = 0; i < 30; i++) {
        try (var slow = new Socket()) {
          // A window so small that the reply does not fit into what the kernel keeps.
          slow.setReceiveBufferSize(4096);
          slow.setSoTimeout(20_000);
          slow.connect(new InetSocketAddress("127.0.0.1", node.port()));
          slow.getOutputStream().write(commands("GET k", "QUIT"));
          await().pollDelay(Duration.ofMillis(20)).until(() -> true);
          byte[] all = slow.getInputStream().readAllBytes();
          assertThat(all.length)
              .isEqualTo("$1000000\r\n".length() + length + 2 + "+OK\r\n".length());
        }
      }
    }
  }

  @Test
  void whoWaitsIsNotReadFromForEver() throws Exception {
    int count = 500_000;
    try (var node = node();
        var client = new TextClient(node.port());
        var other = new TextClient(node.port())) {
      memory.takeAnyway(memory.limit() - (8 << 20));
      client.sendRaw(commands("BLPOP q 0"));
      var sending =
          CompletableFuture.runAsync(() -> {
            try {
              client.sendRaw(repeated(count, "PING"));
            } catch (IOException closed) {
              throw new UncheckedIOException(closed);
            }
          });
      await().until(() -> other.ask("CLIENT", "LIST").matches("(?s).*qbuf=[5-9][0-9]{5}.*"));
      await().pollDelay(Duration.ofMillis(300)).until(() -> true);
      assertThat(other.ask("RPUSH", "q", "v")).isEqualTo(":1");
      assertThat(client.read()).isEqualTo("*[$q, $v]");
      for (int i = 0; i < count; i++) {
        assertThat(client.read()).isEqualTo("+PONG");
      }
      sending.join();
    }
  }

  @Test
  void halfACommandThatStaysHalfIsClosedWhileMemoryIsScarce() throws Exception {
    try (var node = node();
        var silent = new TextClient(node.port());
        var slow = new TextClient(node.port());
        var small = new TextClient(node.port());
        var other = new TextClient(node.port())) {
      var half = bytes("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$9000000\r\n" + "x".repeat(2_000_000));
      silent.sendRaw(half);
      slow.sendRaw(half);
      small.sendRaw(bytes("*1\r\n$4\r\nPI"));
      memory.takeAnyway(memory.limit() / 2);
      await()
          .atMost(Duration.ofSeconds(20))
          .pollInterval(Duration.ofSeconds(1))
          .until(() -> {
            slow.sendRaw(bytes("x"));
            return other.ask("INFO", "stats").contains("unfinished_command_disconnections:1");
          });
      assertThat(closed(silent)).isTrue();
      small.sendRaw(bytes("NG\r\n"));
      assertThat(small.read()).isEqualTo("+PONG");
      slow.sendRaw(bytes("x"));
      assertThat(node.door().clients()).isEqualTo(3);
    }
  }

  @Test
  void whoseInputIsAboveItsLimitIsClosed() throws Exception {
    try (var node = node();
        var large = new TextClient(node.port());
        var many = new TextClient(node.port())) {
      assertThat(many.ask("CONFIG", "SET", "client-query-buffer-limit", "1mb")).isEqualTo("+OK");
      large.sendRaw(bytes("*2\r\n$4\r\nECHO\r\n$2000000\r\n" + "x".repeat(1_000_000)));
      many.sendRaw(repeated(200_000, "PING"));
      for (int i = 0; i < 200_000; i++) {
        assertThat(many.read()).isEqualTo("+PONG");
      }
      large.sendRaw(bytes("x".repeat(100_000)));
      assertThat(closed(large)).isTrue();
      assertThat(many.ask("INFO", "stats")).contains("client_query_buffer_limit_disconnections:1");
    }
  }
}
