package io.millrace.resp.differential;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** What a connection is told, not told, refused and spared, beside a real {@code redis-server}. */
@EnabledIf("io.millrace.resp.differential.SelfComparisonTest#peerWanted")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConnectionRulesTest {
  @AutoClose private final SideBySide servers;

  ConnectionRulesTest(@TempDir Path dir) throws Exception {
    servers = SideBySide.forPlays(dir);
  }

  @Test
  void silenceHoldsForACommandThatWaits() throws Exception {
    servers.seeTheSame(scene -> {
      String one = scene.id(1);
      scene.send(1, "CLIENT", "REPLY", "SKIP");
      scene.send(1, "BLPOP", "q", "0.02");
      scene.call(1, "ECHO", "after the time");
      scene.send(1, "CLIENT", "REPLY", "SKIP");
      scene.waits(1, 1, "BLPOP", "q", "0");
      scene.call(0, "RPUSH", "q", "x");
      scene.call(1, "ECHO", "after the element");
      scene.send(1, "CLIENT", "REPLY", "SKIP");
      scene.waits(1, 1, "BLPOP", "q", "0");
      scene.call(0, "CLIENT", "UNBLOCK", one, "ERROR");
      scene.call(1, "ECHO", "after the error");
      scene.send(1, "CLIENT", "REPLY", "SKIP");
      scene.send(1, "WAIT", "1", "10");
      scene.call(1, "ECHO", "after WAIT");
      scene.send(1, "CLIENT", "REPLY", "OFF");
      scene.send(1, "BLPOP", "q", "0.02");
      scene.send(1, "XREAD", "BLOCK", "10", "STREAMS", "s", "$");
      scene.send(1, "WAIT", "1", "10");
      scene.call(1, "CLIENT", "REPLY", "ON");
      scene.send(1, "CLIENT", "REPLY", "OFF");
      scene.waits(1, 1, "BLPOP", "q", "0");
      scene.call(0, "RPUSH", "q", "y");
      scene.call(1, "CLIENT", "REPLY", "ON");
      scene.call(1, "LLEN", "q");
    });
  }

  /** The words of the commands in the slow log that begin with a name, oldest first. */
  private static void slow(Scene scene, String name) throws IOException {
    for (Reply entry : ((Reply.Many) scene.ask(0, "SLOWLOG", "GET", "-1")).items().reversed()) {
      String words = ((Reply.Many) entry).items().get(3).toString();
      if (words.startsWith("*[$" + name)) {
        scene.note(words);
      }
    }
  }

  @Test
  void passwordsAreShownToNobody() throws Exception {
    servers.seeTheSame(scene -> {
      scene.call(1, "MONITOR");
      scene.call(0, "CONFIG", "SET", "slowlog-max-len", "128", "slowlog-log-slower-than", "0");
      scene.ask(0, "AUTH", "secret1");
      scene.ask(0, "auth", "someone", "secret2");
      scene.ask(0, "HELLO", "2", "AUTH", "someone", "secret3");
      scene.ask(0, "HELLO", "2", "SETNAME", "x", "auth", "someone", "secret4");
      scene.ask(0, "CONFIG", "SET", "maxmemory", "0", "MasterAuth", "secret5");
      scene.ask(0, "CONFIG", "SET", "masteruser", "secret6", "masterauth", "secret7");
      scene.ask(0, "CONFIG", "SET", "requirepass", "secret8", "nosuch", "x");
      scene.ask(0, "MIGRATE", "h", "1", "none", "0", "1", "AUTH", "secret9");
      scene.ask(0, "MIGRATE", "h", "1", "none", "0", "1", "COPY", "Auth2", "someone", "secret10");
      scene.ask(0, "MIGRATE", "h", "1", "", "0", "1", "KEYS", "AUTH", "shown");
      scene.call(0, "CONFIG", "SET", "slowlog-log-slower-than", "10000", "masterauth", "");
      scene.call(0, "CONFIG", "SET", "masteruser", "");
      for (String name : new String[] {"AUTH", "auth", "HELLO", "CONFIG", "MIGRATE"}) {
        slow(scene, name);
      }
      for (String line : scene.messages(1)) {
        scene.note(line.replaceAll("^.*?]", ""));
      }
    });
  }

  @Test
  void ownChangesOfATransactionDoNotHideTheChangesOfOthers() throws Exception {
    for (String option : new String[] {"NOLOOP", "OPTOUT"}) {
      servers.seeTheSame(scene -> {
        scene.ask(1, "HELLO", "3");
        scene.call(1, "CLIENT", "TRACKING", "ON", option);
        scene.call(1, "MULTI");
        scene.call(1, "SET", "k", "1");
        scene.call(1, "GET", "k");
        scene.call(1, "EXEC");
        scene.drain(1);
        scene.call(0, "SET", "k", "2");
        scene.drain(1);
        scene.call(1, "MULTI");
        scene.call(1, "GET", "k");
        scene.call(1, "SET", "k", "3");
        scene.call(1, "EXEC");
        scene.drain(1);
        scene.call(0, "SET", "k", "4");
        scene.drain(1);
        scene.call(1, "MULTI");
        scene.call(1, "MGET", "k", "l");
        scene.call(1, "SET", "k", "5");
        scene.call(1, "GET", "k");
        scene.call(1, "EXEC");
        scene.drain(1);
        scene.call(0, "MSET", "k", "6", "l", "6");
        scene.drain(1);
      });
    }
  }

  @Test
  void outputLimitsAreSetClassByClass() throws Exception {
    servers.seeTheSame(scene -> {
      for (String value :
          new String[] {
            "normal 1mb 0 0",
            "pubsub 2MB 1k 7",
            "replica 3 2 1",
            "NORMAL 0 0 0 pubsub 1gb 5kb 60",
            "",
            "bogus",
            "bogus 1 2 3",
            "normal 1 2",
            "normal  1 2 3",
            "pubsub 10xx 1mb 5",
            "pubsub 10 1mb 5s",
            "pubsub 10 1mb -5",
            "pubsub x 1mb 5",
            "normal 5 5 5 pubsub x 1 1",
            "pubsub 99999999999999999999 0 0",
            "normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60"
          }) {
        scene.call(0, "CONFIG", "SET", "client-output-buffer-limit", value);
        scene.call(0, "CONFIG", "GET", "client-output-buffer-limit");
      }
      scene.call(0, "CONFIG", "SET", "maxmemory-samples", "5");
    });
  }

  @Test
  void aboveMaxmemoryNothingIsQueued() throws Exception {
    servers.seeTheSame(scene -> {
      for (String command : new String[] {"SET k v", "GET k", "DEL k", "PING", "WATCH k"}) {
        scene.call(1, "MULTI");
        scene.call(1, "GET", "k");
        scene.call(0, "CONFIG", "SET", "maxmemory", "1");
        scene.call(1, command.split(" "));
        scene.call(1, "EXEC");
        scene.call(0, "CONFIG", "SET", "maxmemory", "0");
      }
      scene.call(1, "MULTI");
      scene.call(2, "MULTI");
      scene.call(3, "MULTI");
      scene.call(4, "MULTI");
      scene.call(1, "SET", "k", "v");
      scene.call(2, "GET", "k");
      scene.call(0, "CONFIG", "SET", "maxmemory", "1");
      scene.call(1, "EXEC");
      scene.call(2, "EXEC");
      scene.call(3, "DISCARD");
      scene.call(4, "RESET");
      scene.call(0, "GET", "k");
      scene.call(0, "CONFIG", "SET", "maxmemory", "0");
      scene.call(1, "SET", "k", "v");
    });
  }
}
