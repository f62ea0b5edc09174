package io.millrace.resp.differential;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** CLIENT TRACKING, MONITOR and CLIENT PAUSE in turns of several connections, beside Redis. */
@EnabledIf("io.millrace.resp.differential.SelfComparisonTest#peerWanted")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ObserversTest {
  private static final String MISTAKES =
      """
      TRACKING
      TRACKING x
      TRACKING ON x
      TRACKING OFF x
      TRACKING OFF
      TRACKING ON REDIRECT 999999
      TRACKING ON REDIRECT x
      TRACKING ON REDIRECT
      TRACKING ON PREFIX a
      TRACKING ON PREFIX
      TRACKING ON BCAST OPTIN
      TRACKING ON OPTIN OPTOUT
      TRACKING ON BCAST PREFIX a PREFIX a
      TRACKING OFF PREFIX a OPTIN OPTOUT
      CACHING YES
      CACHING x
      TRACKING ON
      CACHING YES
      CACHING NO
      CACHING x
      GETREDIR
      GETREDIR x
      TRACKINGINFO
      TRACKING ON BCAST
      TRACKING OFF
      PAUSE
      PAUSE x
      PAUSE -1
      PAUSE 1 x
      PAUSE 1 WRITE x
      PAUSE 0
      UNPAUSE
      UNPAUSE x
      KILL
      KILL x
      KILL ID
      KILL ID 0
      KILL ID -1
      KILL ID x
      KILL ID 99999999
      KILL TYPE x
      KILL TYPE master
      KILL TYPE replica
      KILL USER x
      KILL USER default ID 99999999
      KILL ADDR 1.2.3.4:5 LADDR 1.2.3.4:5
      KILL LADDR 1.2.3.4:5 SKIPME no
      KILL SKIPME x
      KILL ID 99999999 SKIPME yes TYPE normal
      KILL ADDR
      KILL x y
      LIST x
      LIST TYPE
      LIST TYPE x
      LIST TYPE master
      LIST TYPE slave
      LIST ID
      LIST ID x
      LIST ID 99999999
      LIST TYPE normal x
      NO-EVICT
      NO-EVICT x
      NO-EVICT ON
      NO-EVICT OFF
      REPLY
      REPLY x
      REPLY ON
      SETNAME a\u0001
      UNBLOCK 1 x
      UNBLOCK x
      """;

  @AutoClose private final SideBySide servers;

  ObserversTest(@TempDir Path dir) throws Exception {
    servers = SideBySide.forPlays(dir);
  }

  @Test
  void whatWasReadIsCalledBackOnce() throws Exception {
    servers.seeTheSame(scene -> {
      scene.ask(1, "HELLO", "3");
      scene.call(1, "CLIENT", "TRACKING", "ON");
      scene.call(0, "MSET", "a", "1", "b", "2", "c", "3");
      scene.call(1, "GET", "a");
      scene.call(1, "MGET", "b", "none");
      scene.call(1, "SET", "c", "4");
      scene.drain(1);
      scene.call(0, "SET", "a", "5");
      scene.drain(1);
      scene.call(0, "SET", "a", "6");
      scene.call(0, "SET", "c", "6");
      scene.drain(1);
      scene.call(0, "DEL", "b", "c");
      scene.drain(1);
      scene.call(0, "SET", "none", "6");
      scene.drain(1);
      scene.call(1, "GET", "a");
      scene.call(1, "SET", "a", "7");
      scene.drain(1);
      scene.call(1, "GET", "a");
      scene.call(0, "SELECT", "1");
      scene.call(0, "SET", "a", "in another database");
      scene.drain(1);
      scene.call(0, "SELECT", "0");
      scene.call(1, "CLIENT", "TRACKING", "OFF");
      scene.call(1, "GET", "a");
      scene.call(0, "SET", "a", "8");
      scene.drain(1);
    });
  }

  @Test
  void everyWayOfChangingCallsBack() throws Exception {
    servers.seeTheSame(scene -> {
      scene.ask(1, "HELLO", "3");
      scene.call(1, "CLIENT", "TRACKING", "ON");
      for (List<String> change :
          List.of(
              List.of("APPEND", "s", "x"),
              List.of("EXPIRE", "s", "1000"),
              List.of("PERSIST", "s"),
              List.of("PEXPIRE", "s", "20"),
              List.of("RENAME", "l", "s"),
              List.of("MOVE", "s", "3"),
              List.of("COPY", "l", "s", "REPLACE"),
              List.of("SETBIT", "s", "1", "1"),
              List.of("GETDEL", "s"),
              List.of("GETEX", "s", "EX", "100"),
              List.of("BITOP", "NOT", "s", "s"),
              List.of("SORT", "l", "STORE", "s"),
              List.of("FLUSHDB"),
              List.of("FLUSHALL"),
              List.of("LPOP", "l"),
              List.of("LTRIM", "l", "0", "-1"),
              List.of("LMOVE", "l", "s", "LEFT", "LEFT"),
              List.of("SWAPDB", "0", "1"))) {
        scene.call(0, "FLUSHALL");
        scene.call(0, "SET", "s", "value");
        scene.call(0, "RPUSH", "l", "1", "2");
        scene.drain(1);
        scene.call(1, "EXISTS", "s", "l");
        scene.ask(0, change.toArray(String[]::new));
        if (change.get(0).equals("PEXPIRE")) {
          // First the new deadline calls back, then the key that is gone.
          scene.drain(1);
          scene.call(1, "EXISTS", "l");
          scene.ask(1, "EXISTS", "s");
          scene.read(1);
        }
        scene.messages(1).stream().sorted().forEach(scene::note);
      }
    });
  }

  @Test
  void optionsChooseWhatIsTracked() throws Exception {
    servers.seeTheSame(scene -> {
      scene.ask(1, "HELLO", "3");
      scene.call(0, "MSET", "a", "1", "b", "2");
      scene.call(1, "CLIENT", "TRACKING", "ON", "OPTIN");
      scene.call(1, "GET", "a");
      scene.call(1, "CLIENT", "CACHING", "YES");
      scene.call(1, "CLIENT", "TRACKINGINFO");
      scene.call(1, "GET", "b");
      scene.call(1, "CLIENT", "TRACKINGINFO");
      scene.call(1, "GET", "a");
      scene.call(0, "MSET", "a", "1", "b", "2");
      scene.drain(1);
      scene.call(1, "CLIENT", "CACHING", "YES");
      scene.call(1, "MULTI");
      scene.call(1, "GET", "a");
      scene.call(1, "GET", "b");
      scene.call(1, "EXEC");
      scene.call(0, "MSET", "a", "1", "b", "2");
      scene.drain(1);
      scene.call(1, "CLIENT", "CACHING", "NO");
      scene.call(1, "CLIENT", "TRACKING", "ON", "OPTOUT");
      scene.call(1, "CLIENT", "TRACKING", "OFF");
      scene.call(1, "CLIENT", "TRACKING", "ON", "OPTOUT", "NOLOOP");
      scene.call(1, "CLIENT", "CACHING", "NO");
      scene.call(1, "GET", "a");
      scene.call(1, "GET", "b");
      scene.call(1, "SET", "b", "1");
      scene.call(0, "MSET", "a", "1", "b", "2");
      scene.drain(1);
      scene.call(1, "GET", "b");
      scene.call(1, "CLIENT", "TRACKINGINFO");
      scene.call(0, "MSET", "a", "1", "b", "2");
      scene.drain(1);
      scene.call(1, "CLIENT", "CACHING", "YES");
      scene.call(1, "CLIENT", "CACHING", "x");
    });
  }

  @Test
  void prefixesAreBroadcast() throws Exception {
    servers.seeTheSame(scene -> {
      scene.ask(1, "HELLO", "3");
      scene.ask(2, "HELLO", "3");
      scene.call(1, "CLIENT", "TRACKING", "ON", "BCAST", "PREFIX", "a", "PREFIX", "b:");
      scene.call(2, "CLIENT", "TRACKING", "ON", "BCAST", "NOLOOP");
      scene.call(1, "CLIENT", "TRACKINGINFO");
      scene.call(2, "CLIENT", "TRACKINGINFO");
      scene.call(0, "SET", "a1", "x");
      scene.drain(1);
      scene.drain(2);
      scene.call(0, "SET", "b", "x");
      scene.drain(1);
      scene.drain(2);
      scene.call(2, "SET", "b:2", "x");
      scene.drain(1);
      scene.drain(2);
      scene.call(1, "SET", "abc", "x");
      scene.drain(1);
      scene.drain(2);
      scene.call(0, "FLUSHALL");
      scene.drain(1);
      scene.drain(2);
      scene.call(1, "CLIENT", "TRACKING", "ON", "BCAST", "PREFIX", "c");
      scene.call(1, "CLIENT", "TRACKINGINFO");
      scene.call(1, "CLIENT", "TRACKING", "ON", "BCAST", "PREFIX", "ab");
      scene.call(1, "CLIENT", "TRACKING", "ON", "BCAST", "PREFIX", "x", "PREFIX", "xy");
      scene.call(1, "CLIENT", "TRACKING", "ON");
      scene.call(1, "RESET");
      scene.call(1, "CLIENT", "TRACKINGINFO");
      scene.call(0, "SET", "a1", "x");
      scene.drain(1);
      scene.drain(2);
    });
  }

  @Test
  void anotherConnectionIsToldInstead() throws Exception {
    servers.seeTheSame(scene -> {
      String two = scene.id(2);
      scene.call(2, "SUBSCRIBE", "__redis__:invalidate");
      scene.call(1, "CLIENT", "TRACKING", "ON", "REDIRECT", two);
      scene.note(
          scene.ask(1, "CLIENT", "GETREDIR").toString().equals(":" + two) ? "redirects" : "not");
      scene.call(0, "SET", "a", "1");
      scene.call(1, "GET", "a");
      scene.call(0, "SET", "a", "2");
      scene.drain(2);
      scene.drain(1);
      scene.call(1, "GET", "a");
      scene.call(0, "FLUSHALL");
      scene.drain(2);
      scene.call(1, "GET", "a");
      scene.close(2, two);
      scene.call(0, "SET", "a", "3");
      scene.note(scene.ask(1, "CLIENT", "TRACKINGINFO").toString().replace(two, "two"));
      scene.drain(1);
      scene.ask(1, "HELLO", "3");
      scene.call(1, "GET", "a");
      scene.call(0, "SET", "a", "4");
      scene.messages(1).forEach(message -> scene.note(message.replace(two, "two")));
      scene.call(1, "CLIENT", "TRACKING", "ON");
      scene.call(1, "CLIENT", "TRACKINGINFO");
    });
  }

  @Test
  void mistakesAreAnsweredAlike() throws Exception {
    servers.seeTheSame(scene -> {
      for (String line : MISTAKES.lines().toList()) {
        scene.call(1, ("CLIENT " + line).split(" "));
      }
    });
  }

  /** Replaces what is each server's own in a line of MONITOR. */
  private static String shown(String line) {
    return line.replaceAll("\\+\\d+\\.\\d{6} \\[(\\d+) 127.0.0.1:\\d+]", "+time [$1 address]");
  }

  private static void show(Scene scene, int i) throws IOException {
    for (String line : scene.messages(i)) {
      scene.note(i + "< " + shown(line));
    }
  }

  @Test
  void monitorsSeeEveryCommand() throws Exception {
    servers.seeTheSame(scene -> {
      scene.call(1, "MONITOR");
      scene.call(0, "SET", "a", "b\"\\\r\n\t\u0007\b\u0000\u00ff");
      scene.call(0, "GET", "a");
      scene.call(0, "SELECT", "3");
      scene.call(0, "get", "a");
      scene.call(0, "CONFIG", "GET", "maxmemory");
      scene.call(0, "nosuch");
      scene.call(0, "GET");
      scene.call(0, "LPUSH", "a", "x");
      scene.call(0, "AUTH", "secret");
      scene.call(0, "AUTH", "someone", "secret");
      scene.ask(0, "HELLO", "2", "AUTH", "someone", "secret");
      scene.ask(0, "HELLO", "2");
      scene.call(0, "MULTI");
      scene.call(0, "SET", "x", "1");
      scene.call(0, "SELECT", "1");
      scene.call(0, "INCR", "x");
      show(scene, 1);
      scene.call(0, "EXEC");
      show(scene, 1);
      scene.call(0, "WATCH", "x");
      scene.call(0, "MULTI");
      scene.call(0, "DISCARD");
      scene.ask(0, "CLIENT", "ID");
      scene.ask(0, "CLIENT", "LIST");
      scene.call(0, "COMMAND", "COUNT", "x");
      show(scene, 1);
      scene.send(1, "MONITOR");
      show(scene, 1);
      scene.send(1, "RESET");
      scene.note(shown(scene.client(1).read().toString()));
      scene.read(1);
      scene.call(0, "SET", "a", "1");
      show(scene, 1);
      scene.call(0, "MULTI");
      scene.call(0, "MONITOR");
      scene.call(0, "EXEC");
    });
  }

  @Test
  void writesWaitWhileReadsGoOn() throws Exception {
    servers.seeTheSame(scene -> {
      scene.call(0, "SET", "a", "1");
      scene.call(0, "CLIENT", "PAUSE", "100000", "WRITE");
      scene.send(1, "GET", "a");
      scene.read(1);
      scene.waits(1, 1, "INCR", "a");
      scene.send(1, "ECHO", "behind");
      scene.waits(2, 2, "PUBLISH", "channel", "x");
      scene.call(3, "MULTI");
      scene.call(3, "GET", "a");
      scene.call(3, "EXEC");
      scene.call(4, "SET", "a");
      scene.call(4, "MULTI");
      scene.waits(4, 3, "SET", "a", "5");
      scene.waits(5, 4, "BLPOP", "l", "0");
      scene.waits(6, 5, "SETRANGE", "b", "2", "x");
      scene.call(0, "GET", "a");
      scene.call(0, "CLIENT", "PAUSE", "1", "WRITE");
      scene.call(0, "CLIENT", "UNPAUSE");
      scene.read(1);
      scene.read(1);
      scene.read(2);
      scene.read(4);
      scene.read(6);
      scene.call(0, "RPUSH", "l", "x");
      scene.read(5);
      scene.call(4, "EXEC");
      scene.call(0, "CLIENT", "UNPAUSE");
    });
  }

  @Test
  void aPauseOfAllEndsByItself() throws Exception {
    servers.seeTheSame(scene -> {
      scene.call(0, "CLIENT", "PAUSE", "60");
      long start = System.nanoTime();
      scene.send(1, "PING");
      scene.send(0, "CLIENT", "UNPAUSE");
      scene.read(1);
      scene.read(0);
      scene.note(System.nanoTime() - start > 30_000_000 ? "waited" : "did not wait");
    });
  }

  @Test
  void nothingExpiresByItselfDuringAPause() throws Exception {
    servers.seeTheSame(scene -> {
      scene.call(0, "CONFIG", "SET", "notify-keyspace-events", "Ex");
      scene.call(1, "SUBSCRIBE", "__keyevent@0__:expired");
      scene.call(0, "SET", "a", "1", "PX", "20");
      scene.call(0, "CLIENT", "PAUSE", "100000", "WRITE");
      long until = System.nanoTime() + 400_000_000;
      while (System.nanoTime() < until) {
        scene.ask(0, "GET", "a");
      }
      scene.call(0, "GET", "a");
      scene.drain(1);
      scene.call(0, "CLIENT", "UNPAUSE");
      scene.read(1);
      scene.call(0, "CONFIG", "SET", "notify-keyspace-events", "");
    });
  }
}
