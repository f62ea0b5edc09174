package io.millrace.resp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.resp.TestNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a connection is sent unasked keeps its place among the replies: nothing that happened before
 * a command comes after its reply, or a client of the second protocol takes it for the next one.
 */
final class OutputOrderIT {
  private static final int ROUNDS = 300;

  @TempDir private Path directory;

  /** Sends commands in one piece, and answers all that is read up to the reply of the last. */
  private static List<String> upTo(TextClient client, String last, String... commands)
      throws IOException {
    var text = new StringBuilder();
    for (var command : commands) {
      var words = command.split(" ");
      text.append('*').append(words.length).append("\r\n");
      for (var word : words) {
        text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
      }
    }
    client.sendRaw(text.toString().getBytes(StandardCharsets.US_ASCII));
    var all = new ArrayList<String>();
    do {
      all.add(client.read());
    } while (!all.getLast().equals(last));
    return all;
  }

  /** Sends a command again and again on connections of both lanes. */
  private static final class Noise implements AutoCloseable {
    private final AtomicBoolean over = new AtomicBoolean();
    private final List<CompletableFuture<Void>> done = new ArrayList<>();

    Noise(int port, String command) {
      for (int i = 0; i < 2; i++) {
        done.add(CompletableFuture.runAsync(() -> run(port, command), Thread::startVirtualThread));
      }
    }

    private void run(int port, String command) {
      try (var client = new TextClient(port)) {
        var some = (command + "\r\n").repeat(20).getBytes(StandardCharsets.US_ASCII);
        while (!over.get()) {
          client.sendRaw(some);
          for (int i = 0; i < 20; i++) {
            client.read();
          }
        }
      } catch (IOException broken) {
        throw new UncheckedIOException(broken);
      }
    }

    @Override
    public void close() {
      over.set(true);
      done.forEach(CompletableFuture::join);
    }
  }

  private TestNode node(int lanes) throws IOException {
    return TestNode.start(directory, lanes, Map.of(), config -> config.withTasks(4));
  }

  @Test
  void noMessageComesAfterTheEndOfASubscription() throws IOException {
    try (var node = node(2);
        var client = new TextClient(node.port());
        var noise = new Noise(node.port(), "PUBLISH c m")) {
      client.ask("SET", "k", "v");
      for (int i = 0; i < ROUNDS; i++) {
        assertThat(client.ask("SUBSCRIBE", "c")).isEqualTo("*[$subscribe, $c, :1]");
        var seen = upTo(client, "$v", "UNSUBSCRIBE c", "GET k");
        assertThat(seen.removeLast()).isEqualTo("$v");
        assertThat(seen.removeLast()).isEqualTo("*[$unsubscribe, $c, :0]");
        assertThat(seen).allMatch("*[$message, $c, $m]"::equals);
        assertThat(client.ask("PING")).isEqualTo("+PONG");
      }
    }
  }

  @Test
  void nothingIsShownAfterTheEndOfMonitoring() throws IOException {
    try (var node = node(2);
        var client = new TextClient(node.port());
        var noise = new Noise(node.port(), "ECHO noise")) {
      client.ask("SET", "k", "v");
      for (int i = 0; i < ROUNDS; i++) {
        assertThat(client.ask("MONITOR")).isEqualTo("+OK");
        var seen = upTo(client, "$v", "RESET", "GET k");
        assertThat(seen.removeLast()).isEqualTo("$v");
        assertThat(seen.removeLast()).isEqualTo("+RESET");
        assertThat(seen).allMatch(line -> line.contains("noise"));
        assertThat(client.ask("PING")).isEqualTo("+PONG");
      }
    }
  }

  @Test
  void nothingIsCalledBackAfterTheEndOfTheRedirection() throws IOException {
    try (var node = node(2);
        var client = new TextClient(node.port());
        var reader = new TextClient(node.port())) {
      client.ask("SET", "k", "v");
      var id = client.ask("CLIENT", "ID").substring(1);
      client.ask("SUBSCRIBE", "__redis__:invalidate");
      reader.ask("CLIENT", "TRACKING", "ON", "REDIRECT", id, "BCAST");
      client.ask("RESET");
      try (var noise = new Noise(node.port(), "SET k v")) {
        for (int i = 0; i < ROUNDS; i++) {
          client.ask("SUBSCRIBE", "__redis__:invalidate");
          var seen = upTo(client, "$v", "RESET", "GET k");
          assertThat(seen.removeLast()).isEqualTo("$v");
          assertThat(seen.removeLast()).isEqualTo("+RESET");
          assertThat(seen).allMatch("*[$message, $__redis__:invalidate, *[$k]]"::equals);
          assertThat(client.ask("PING")).isEqualTo("+PONG");
        }
      }
    }
  }

  @Test
  void whatOneSendsToOneselfComesBeforeTheNextReply() throws IOException {
    try (var node = node(1);
        var client = new TextClient(node.port())) {
      client.ask("SET", "k", "v");
      client.ask("HELLO", "3");
      assertThat(upTo(client, "$v", "SUBSCRIBE c", "PUBLISH c m", "RESET", "GET k"))
          .containsExactly(">[$subscribe, $c, :1]", ":1", ">[$message, $c, $m]", "+RESET", "$v");
      client.ask("HELLO", "3");
      client.ask("CLIENT", "TRACKING", "ON");
      assertThat(upTo(client, "$w", "GET k", "SET k w", "HELLO 2 SETNAME x", "GET k"))
          .element(2)
          .isEqualTo(">[$invalidate, *[$k]]");
    }
  }

  @Test
  void aMessageBeforeTheEndOfAWaitComesBeforeItsReply() throws IOException {
    try (var node = node(2);
        var client = new TextClient(node.port());
        var other = new TextClient(node.port())) {
      client.ask("HELLO", "3");
      client.ask("SUBSCRIBE", "c");
      for (int i = 0; i < ROUNDS / 10; i++) {
        client.send(List.of("BLPOP", "q", "0"));
        await().until(() -> other.ask("INFO", "clients").contains("blocked_clients:1\r"));
        upTo(other, ":1", "PUBLISH c one");
        assertThat(upTo(other, "$x", "RPUSH q x", "PUBLISH c two", "ECHO x")).hasSize(3);
        assertThat(List.of(client.read(), client.read(), client.read()))
            .containsExactly(">[$message, $c, $one]", "*[$q, $x]", ">[$message, $c, $two]");
      }
    }
  }
}
