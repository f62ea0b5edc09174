package io.millrace.resp.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Seeds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * Keyspace notifications beside a real {@code redis-server}: after each random command both have
 * published the same messages in the same order. {@code -Dmillrace.events=N} sets the number of
 * sequences.
 */
@EnabledIf("io.millrace.resp.differential.SelfComparisonTest#peerWanted")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeyEventsTest {
  private static final int SEQUENCES = Integer.getInteger("millrace.events", 30);
  private static final int STEPS = 60;
  private static final String ALL = "AKEmn";

  @AutoClose private final SideBySide servers;
  private final Set<String> names = Steps.names();

  KeyEventsTest(@TempDir Path dir) throws Exception {
    servers = SideBySide.forPlays(dir);
    for (int port : List.of(servers.redisPort(), servers.millracePort())) {
      try (RawClient client = new RawClient(port)) {
        client.call("CONFIG", "SET", "notify-keyspace-events", ALL);
      }
    }
  }

  /** A server, with one who works and one who listens. */
  private static final class Side implements AutoCloseable {
    private final RawClient worker;
    private final RawClient listener;
    private int barriers;

    Side(int port) throws IOException {
      worker = new RawClient(port);
      listener = new RawClient(port);
      worker.call("FLUSHALL");
      listener.call("PSUBSCRIBE", "__key*__:*");
    }

    List<Reply> run(List<List<String>> commands) throws IOException {
      worker.sendAll(commands);
      List<Reply> replies = new ArrayList<>();
      for (int i = 0; i < commands.size(); i++) {
        replies.add(worker.read());
      }
      return replies;
    }

    List<String> messages() throws IOException {
      String word = "barrier" + barriers++;
      worker.call("PUBLISH", "__key__:", word);
      List<String> all = new ArrayList<>();
      while (true) {
        Reply.Many message = (Reply.Many) listener.read();
        String text = message.items().get(3).toString();
        if (text.equals("$" + word)) {
          return all;
        }
        all.add(message.items().get(2) + " " + text);
      }
    }

    @Override
    public void close() throws IOException {
      worker.close();
      listener.close();
    }
  }

  @Test
  void everyCommandPublishesWhatRedisPublishes() throws Exception {
    List<String> different = new ArrayList<>();
    Set<String> blamed = new HashSet<>();
    for (int i = 0; i < SEQUENCES; i++) {
      String problem = sequence(Seeds.next(i));
      if (problem != null && blamed.add(problem.lines().findFirst().orElse("").split(" ")[0])) {
        different.add(problem);
      }
    }
    assertThat(String.join("\n", different)).isEmpty();
  }

  private String sequence(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    Steps steps = new Steps(random, names);
    try (Side theirs = new Side(servers.redisPort());
        Side ours = new Side(servers.millracePort())) {
      for (int step = 0; step < STEPS; step++) {
        List<List<String>> commands = steps.next();
        theirs.run(commands);
        ours.run(commands);
        List<String> expected = theirs.messages();
        List<String> published = ours.messages();
        if (!inOrder(commands, expected).equals(inOrder(commands, published))) {
          return commands
              + " seed="
              + seed
              + "\n  redis:    "
              + expected
              + "\n  millrace: "
              + published;
        }
      }
    }
    return null;
  }

  /** SORT looks elements up in the order of the set or hash, which is each server's own. */
  private static List<String> inOrder(List<List<String>> commands, List<String> messages) {
    boolean sorts =
        commands.stream().anyMatch(c -> c.get(0).toUpperCase(Locale.ROOT).startsWith("SORT"));
    return sorts ? messages.stream().sorted().toList() : messages;
  }

  @Test
  void aKeyThatExpiresSaysSoOnceOnly() throws Exception {
    for (int port : List.of(servers.redisPort(), servers.millracePort())) {
      try (Side side = new Side(port)) {
        side.run(List.of(List.of("SET", "a", "1", "PX", "30"), List.of("HSET", "b", "f", "v")));
        side.run(List.of(List.of("PEXPIRE", "b", "30")));
        List<String> all = new ArrayList<>();
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (all.stream().filter(m -> m.contains("expired")).count() < 4
            && System.nanoTime() < deadline) {
          all.addAll(side.messages());
        }
        side.run(List.of(List.of("GET", "a"), List.of("SET", "a", "2")));
        all.addAll(side.messages());
        assertThat(all.stream().filter(m -> m.contains("expired")))
            .containsExactlyInAnyOrder(
                "$__keyspace@0__:a $expired",
                "$__keyevent@0__:expired $a",
                "$__keyspace@0__:b $expired",
                "$__keyevent@0__:expired $b");
        assertThat(all)
            .endsWith(
                "$__keyspace@0__:a $keymiss",
                "$__keyevent@0__:keymiss $a",
                "$__keyspace@0__:a $new",
                "$__keyevent@0__:new $a",
                "$__keyspace@0__:a $set",
                "$__keyevent@0__:set $a");
      }
    }
  }

  @Test
  void servedClientsPublishBehindTheOneThatServesThem() throws Exception {
    Scene.Play play =
        scene -> {
          scene.call(4, "PSUBSCRIBE", "__keyspace*__:*");
          scene.waits(1, 1, "BLMOVE", "a", "b", "LEFT", "RIGHT", "0");
          scene.waits(2, 2, "BLPOP", "b", "0");
          scene.waits(3, 3, "BZPOPMIN", "z", "0");
          scene.call(0, "RPUSH", "a", "1");
          scene.read(1);
          scene.read(2);
          scene.call(0, "ZADD", "z", "1", "m");
          scene.read(3);
          scene.drain(4);
        };
    servers.seeTheSame(play);
  }

  @Test
  void nothingIsPublishedOfClassesThatAreNotWanted() throws Exception {
    Scene.Play play =
        scene -> {
          for (String wanted : List.of("", "K", "E$", "Kg", "Kgx", "A", "KEn", "KEm", "Ez")) {
            scene.call(0, "CONFIG", "SET", "notify-keyspace-events", wanted);
            scene.call(0, "CONFIG", "GET", "notify-keyspace-events");
            scene.call(1, "PSUBSCRIBE", "__key*__:*");
            scene.call(0, "SET", "a", "1");
            scene.call(0, "EXPIRE", "a", "100");
            scene.call(0, "GET", "none");
            scene.call(0, "ZADD", "z", "1", "m");
            scene.call(0, "DEL", "a", "z");
            scene.drain(1);
          }
          scene.call(0, "CONFIG", "SET", "notify-keyspace-events", "KEq");
          scene.call(0, "CONFIG", "SET", "notify-keyspace-events", ALL);
        };
    servers.seeTheSame(play);
  }
}
