package io.millrace.resp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.resp.TestNode;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Those who look on: what bounds them, and what they are not told. */
final class ObserversIT {
  private static final Map<String, String> ALL_EVENTS = Map.of("notify-keyspace-events", "KEA");

  @TempDir private Path directory;

  private static List<String> untilPong(TextClient client, String word) throws IOException {
    client.send(List.of("PING", word));
    var all = new ArrayList<String>();
    for (var next = client.read(); !next.contains(word); next = client.read()) {
      all.add(next);
    }
    return all;
  }

  @Test
  void theTableOfTrackedNamesIsBoundedByCallingBackTheOldest() throws IOException {
    try (var node = TestNode.start(directory);
        var wire = new Wire(node);
        var tracker = new TextClient(node.port())) {
      wire.ask("CONFIG", "SET", "tracking-table-max-keys", "3");
      tracker.ask("HELLO", "3");
      tracker.ask("CLIENT", "TRACKING", "ON");
      for (int i = 0; i < 5; i++) {
        tracker.send(List.of("GET", "k" + i));
      }
      assertThat(untilPong(tracker, "one")).filteredOn("nil"::equals).hasSize(5);
      assertThat(wire.ask("INFO", "stats")).contains("tracking_total_keys:3");
      wire.ask("SET", "k0", "x");
      wire.ask("SET", "k4", "x");
      assertThat(untilPong(tracker, "two")).endsWith(">[$invalidate, *[$k4]]");
      tracker.send(List.of("GET", "k5"));
      tracker.send(List.of("GET", "k6"));
      untilPong(tracker, "three");
      assertThat(untilPong(tracker, "four")).doesNotContain(">[$invalidate, *[$k0]]");
      tracker.ask("CLIENT", "TRACKING", "OFF");
      assertThat(wire.ask("INFO", "stats")).contains("tracking_total_keys:0");
    }
  }

  @Test
  void nothingIsPublishedOfWhatIsFoldedAgain() throws IOException {
    try (var wire = new Wire(TestNode.start(directory, 1, ALL_EVENTS, c -> c.withTasks(4)))) {
      for (int i = 0; i < 50; i++) {
        wire.ask("RPUSH", "l" + i % 5, "v");
        wire.ask("LPOP", "l" + i % 7);
      }
      wire.node.crash();
    }
    try (var node = TestNode.start(directory, 1, ALL_EVENTS, c -> c.withTasks(4));
        var wire = new Wire(node);
        var listener = new TextClient(node.port())) {
      assertThat(node.door().keyspace().signals().events()).isEmpty();
      listener.ask("PSUBSCRIBE", "__keyevent*");
      wire.ask("SET", "a", "1");
      assertThat(listener.read()).endsWith("__keyevent@0__:set, $a]");
    }
  }

  @Test
  void anEvictedKeyIsSaidAndCalledBack() throws IOException {
    try (var node = TestNode.start(directory, 2, ALL_EVENTS, c -> c.withTasks(4));
        var wire = new Wire(node);
        var listener = new TextClient(node.port());
        var tracker = new TextClient(node.port())) {
      wire.ask("SET", "k", "v");
      tracker.ask("HELLO", "3");
      tracker.ask("CLIENT", "TRACKING", "ON");
      tracker.ask("GET", "k");
      listener.ask("SUBSCRIBE", "__keyevent@0__:evicted");
      wire.ask("CONFIG", "SET", "maxmemory-policy", "allkeys-lru", "maxmemory", "1");
      wire.ask("PING");
      wire.ask("CONFIG", "SET", "maxmemory", "0");
      assertThat(listener.read()).isEqualTo("*[$message, $__keyevent@0__:evicted, $k]");
      assertThat(tracker.read()).isEqualTo(">[$invalidate, *[$k]]");
    }
  }

  @Test
  void oneWhoLooksOnAndDoesNotReadIsClosedAndOthersGoOn() throws IOException {
    try (var node = TestNode.start(directory, 2, Map.of(), c -> c.withTasks(4));
        var wire = new Wire(node);
        var monitor = new TextClient(node.port())) {
      wire.ask("CONFIG", "SET", "client-output-buffer-limit", "normal 0 0 0 pubsub 1mb 0 0");
      monitor.ask("MONITOR");
      var value = "v".repeat(100_000);
      for (int i = 0; i < 300; i++) {
        assertThat(wire.ask("SET", "k", value)).isEqualTo("+OK");
      }
      await().until(() -> !wire.ask("CLIENT", "LIST").contains("flags=O"));
      assertThat(ends(monitor)).isTrue();
    }
  }

  private static boolean ends(TextClient client) throws IOException {
    try {
      while (true) {
        client.read();
      }
    } catch (EOFException | SocketException closed) {
      return true;
    }
  }
}
