package io.millrace.resp.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Commands that wait, in turns of several connections, beside a real {@code redis-server}. */
@EnabledIf("io.millrace.resp.differential.SelfComparisonTest#peerWanted")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WaitingCommandsTest {
  @AutoClose private final SideBySide servers;

  WaitingCommandsTest(@TempDir Path dir) throws Exception {
    servers = SideBySide.forPlays(dir);
  }

  private void sameAsRedis(Scene.Play play) throws Exception {
    servers.seeTheSame(play);
    List<String> before = keys();
    servers.crash();
    assertThat(keys()).as("after a crash").isEqualTo(before);
  }

  private List<String> keys() throws IOException {
    List<String> all = new ArrayList<>();
    try (RawClient client = new RawClient(servers.millracePort())) {
      for (String key : List.of("a", "b", "c")) {
        all.add(client.call("LRANGE", key, "0", "-1").toString());
        all.add(client.call("ZRANGE", key, "0", "-1", "WITHSCORES").toString());
        all.add(client.call("XRANGE", key, "-", "+").toString());
      }
    }
    return all;
  }

  @Test
  void theOldestIsServedFirst() throws Exception {
    sameAsRedis(scene -> {
      scene.waits(1, 1, "BLPOP", "a", "0");
      scene.waits(2, 2, "BLPOP", "b", "a", "0");
      scene.waits(3, 3, "BRPOP", "a", "0");
      scene.call(0, "RPUSH", "a", "1", "2", "3", "4");
      scene.read(1);
      scene.read(2);
      scene.read(3);
      scene.call(0, "LRANGE", "a", "0", "-1");
    });
  }

  @Test
  void whatFollowsInThePipelineWaitsToo() throws Exception {
    sameAsRedis(scene -> {
      scene.send(1, "PING");
      scene.send(1, "BLPOP", "a", "0");
      scene.send(1, "LLEN", "a");
      scene.waits(1, 1, "ECHO", "later");
      scene.call(0, "RPUSH", "a", "1", "2");
      for (int i = 0; i < 4; i++) {
        scene.read(1);
      }
    });
  }

  @Test
  void aServedMoveServesTheNext() throws Exception {
    sameAsRedis(scene -> {
      scene.waits(1, 1, "BLMOVE", "a", "b", "LEFT", "RIGHT", "0");
      scene.waits(2, 2, "BRPOPLPUSH", "b", "c", "0");
      scene.waits(3, 3, "BLMPOP", "0", "1", "c", "LEFT", "COUNT", "5");
      scene.call(0, "RPUSH", "a", "1", "2");
      scene.read(1);
      scene.read(2);
      scene.read(3);
      scene.call(0, "EXISTS", "a", "b", "c");
    });
  }

  @Test
  void nobodyIsServedInTheMiddleOfATransaction() throws Exception {
    sameAsRedis(scene -> {
      scene.waits(1, 1, "BLPOP", "a", "0");
      scene.call(0, "MULTI");
      scene.call(0, "RPUSH", "a", "1");
      scene.call(0, "DEL", "a");
      scene.call(0, "BLPOP", "a", "0");
      scene.call(0, "EXEC");
      scene.call(0, "MULTI");
      scene.call(0, "RPUSH", "a", "2");
      scene.call(0, "LPUSH", "a", "1");
      scene.call(0, "EXEC");
      scene.read(1);
      scene.call(0, "LRANGE", "a", "0", "-1");
    });
  }

  @Test
  void renamingAndStoringWakeToo() throws Exception {
    sameAsRedis(scene -> {
      scene.waits(1, 1, "BLPOP", "a", "0");
      scene.call(0, "RPUSH", "b", "1");
      scene.call(0, "RENAME", "b", "a");
      scene.read(1);
      scene.waits(1, 1, "BZPOPMIN", "a", "b", "0");
      scene.call(0, "SET", "a", "text");
      scene.call(0, "DEL", "a");
      scene.call(0, "ZADD", "c", "2", "two", "1", "one");
      scene.call(0, "ZUNIONSTORE", "a", "1", "c");
      scene.read(1);
      scene.call(0, "ZRANGE", "a", "0", "-1", "WITHSCORES");
    });
  }

  @Test
  void sortedSetsAreWaitedFor() throws Exception {
    sameAsRedis(scene -> {
      scene.waits(1, 1, "BZPOPMAX", "a", "0");
      scene.waits(2, 2, "BZMPOP", "0", "2", "b", "a", "MIN", "COUNT", "2");
      scene.call(0, "ZADD", "a", "1", "one", "2", "two", "3", "three", "4", "four");
      scene.read(1);
      scene.read(2);
      scene.call(0, "ZRANGE", "a", "0", "-1", "WITHSCORES");
    });
  }

  @Test
  void newEntriesOfStreamsReachAllWhoWait() throws Exception {
    sameAsRedis(scene -> {
      scene.call(0, "XADD", "a", "1-1", "f", "old");
      scene.waits(1, 1, "XREAD", "BLOCK", "0", "STREAMS", "a", "$");
      scene.waits(2, 2, "XREAD", "COUNT", "1", "BLOCK", "0", "STREAMS", "b", "a", "0", "1-1");
      scene.call(0, "XADD", "a", "1-2", "f", "new");
      scene.read(1);
      scene.read(2);
      scene.call(0, "XLEN", "a");
    });
  }

  @Test
  void timeRunsOutAndOthersGoOn() throws Exception {
    sameAsRedis(scene -> {
      scene.waits(1, 1, "BLPOP", "a", "0");
      scene.send(2, "BLPOP", "a", "0.02");
      scene.read(2);
      scene.send(2, "BLMOVE", "a", "b", "LEFT", "LEFT", "0.02");
      scene.read(2);
      scene.send(2, "XREAD", "BLOCK", "10", "STREAMS", "c", "$");
      scene.read(2);
      scene.waits(3, 2, "BLPOP", "a", "0");
      scene.leave(1, 1);
      scene.call(0, "RPUSH", "a", "1");
      scene.read(3);
    });
  }

  @Test
  void anotherTypeLeavesThemWaiting() throws Exception {
    sameAsRedis(scene -> {
      scene.waits(1, 1, "BLPOP", "a", "0");
      scene.call(0, "ZADD", "a", "1", "m");
      scene.call(0, "DEL", "a");
      scene.call(0, "LPUSH", "a", "x", "y");
      scene.read(1);
    });
  }

  @Test
  void aWaitCanBeEndedByAnotherConnection() throws Exception {
    sameAsRedis(scene -> {
      Reply id = scene.client(1).call("CLIENT", "ID");
      String number = ((Reply.Text) id).value();
      scene.waits(1, 1, "BLPOP", "a", "0");
      scene.call(0, "CLIENT", "UNBLOCK", number);
      scene.read(1);
      scene.waits(1, 1, "BLPOP", "a", "0");
      scene.call(0, "CLIENT", "UNBLOCK", number, "ERROR");
      scene.read(1);
      scene.call(0, "CLIENT", "UNBLOCK", number);
    });
  }

  @Test
  void theKeyThatBecameReadyFirstIsServed() throws Exception {
    sameAsRedis(scene -> {
      for (List<String> wait :
          List.of(
              List.of("BLPOP", "a", "b", "0"),
              List.of("BRPOP", "a", "b", "a", "0"),
              List.of("BLMPOP", "0", "2", "a", "b", "LEFT", "COUNT", "2"))) {
        scene.waits(1, 1, wait.toArray(String[]::new));
        scene.call(0, "MULTI");
        scene.call(0, "RPUSH", "b", "1");
        scene.call(0, "RPUSH", "a", "2");
        scene.call(0, "EXEC");
        scene.read(1);
        scene.call(0, "EXISTS", "a", "b");
        scene.call(0, "DEL", "a", "b");
      }
      for (List<String> wait :
          List.of(
              List.of("BZPOPMIN", "a", "b", "0"),
              List.of("BZPOPMAX", "a", "b", "0"),
              List.of("BZMPOP", "0", "2", "a", "b", "MIN"))) {
        scene.waits(1, 1, wait.toArray(String[]::new));
        scene.call(0, "MULTI");
        scene.call(0, "ZADD", "b", "1", "m");
        scene.call(0, "ZADD", "a", "2", "n");
        scene.call(0, "EXEC");
        scene.read(1);
        scene.call(0, "EXISTS", "a", "b");
        scene.call(0, "DEL", "a", "b");
      }
    });
  }

  @Test
  void aKeyOfAnotherTypeDoesNotHideOneThatIsReady() throws Exception {
    sameAsRedis(scene -> {
      scene.waits(1, 1, "BLPOP", "a", "b", "0");
      scene.waits(2, 2, "BLMPOP", "0", "2", "a", "b", "LEFT");
      scene.call(0, "SET", "a", "text");
      scene.call(0, "RPUSH", "b", "1", "2", "3");
      scene.read(1);
      scene.read(2);
      scene.call(0, "DEL", "a", "b");
      scene.waits(1, 1, "BZPOPMIN", "a", "c", "0");
      scene.waits(2, 2, "BZMPOP", "0", "2", "a", "c", "MAX", "COUNT", "9");
      scene.call(0, "SET", "a", "text");
      scene.call(0, "ZADD", "c", "1", "m", "2", "n", "3", "o");
      scene.read(1);
      scene.read(2);
      scene.call(0, "DEL", "a", "c");
    });
  }

  @Test
  void aStreamThatIsReadyFirstIsServedAlone() throws Exception {
    sameAsRedis(scene -> {
      scene.waits(1, 1, "XREAD", "BLOCK", "0", "STREAMS", "a", "b", "$", "0-1");
      scene.call(0, "MULTI");
      scene.call(0, "XADD", "b", "1-1", "f", "x");
      scene.call(0, "XADD", "a", "1-1", "f", "y");
      scene.call(0, "EXEC");
      scene.read(1);
      scene.waits(1, 1, "XREAD", "COUNT", "3", "BLOCK", "0", "STREAMS", "c", "a", "0", "1-1");
      scene.call(0, "SET", "c", "text");
      scene.call(0, "XADD", "a", "1-2", "f", "z");
      scene.read(1);
      scene.call(0, "DEL", "c");
    });
  }
}
